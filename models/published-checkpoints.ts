/** Where the authors published checkpoints of the registry's models: the model zoo of upstream's README. */

const drive = (id: string): string => `https://drive.google.com/file/d/${id}/view`
const release = (path: string): string => `https://github.com/RangiLyu/nanodet/releases/download/${path}`

/** Web page of the list. */
export const CHECKPOINTS_PAGE = 'https://github.com/RangiLyu/nanodet#model-zoo'

/** The license of upstream's repository, which publishes them. */
export const CHECKPOINTS_LICENSE = 'Apache-2.0'

/**
 * URLs by model, the preferred one first. NanoDet-Plus has two files: `Weight` has the parameters for inference, `Checkpoint` those for
 * training, too.
 */
export const PUBLISHED_CHECKPOINTS: ReadonlyMap<string, readonly [string, ...string[]]> = new Map([
  ['nanodet-m-0.5x', [drive('1rMHkD30jacjRpslmQja5jls86xd0YssR')]],
  ['nanodet-m', [drive('1ZkYucuLusJrCb_i63Lid0kYyyLvEiGN3')]],
  ['nanodet-m-416', [drive('1jY-Um2VDDEhuVhluP9lE70rG83eXQYhV')]],
  ['nanodet-m-1.5x', [drive('1_n1cAWy622LV8wbUnXImtcvcUVPOhYrW')]],
  ['nanodet-m-1.5x-416', [drive('1CCYgwX3LWfN7hukcomhEhGWN-qcC3Tv4')]],
  ['nanodet-t', [drive('1TqRGZeOKVCb98ehTaE0gJEuND6jxwaqN')]],
  ['nanodet-g', [drive('1f2lH7Ae1AY04g20zTZY7JS_dKKP37hvE')]],
  ['nanodet-efficientlite0-320', [drive('1Dj1nBFc78GHDI9Wn8b3X4MTiIV2el8qP')]],
  ['nanodet-efficientlite1-416', [drive('1ernkb_XhnKMPdCBBtUEdwxIIBF6UVnXq')]],
  ['nanodet-efficientlite2-512', [drive('11V20AxXe6bTHyw3aMkgsZVzLOB31seoc')]],
  ['nanodet-repvgg-a0-416', [drive('1nWZZ1qXb1HuIXwPSYpEyFHHqX05GaFer')]],
  ['nanodet-plus-m-320', [drive('1Dq0cTIdJDUhQxJe45z6rWncbZmOyh1Tv'), drive('1YvuEhahlgqxIhJu7bsL-fhaqubKcCWQc')]],
  ['nanodet-plus-m-416', [
    drive('1FN3WK3FLjBm7oCqiwUcD3m3MjfqxuzXe'),
    release('v1.0.0-alpha-1/nanodet-plus-m_416_checkpoint.ckpt'),
    drive('1gFjyrl7O8p5APr1ZOtWEm3tQNN35zi_W')
  ]],
  ['nanodet-plus-m-1.5x-320', [drive('1Xdlgu5lxiS3w6ER7GE1mZpY663wmpcyY'), drive('1qXR6t3TBMXlz6GlTU3fxiLA-eueYoGrW')]],
  ['nanodet-plus-m-1.5x-416', [drive('16FJJJgUt5VrSKG7RM_ImdKKzhJ-Mu45I'), drive('17sdAUydlEXCrHMsxlDPLj5cGb-8-mmY6')]]
])
