import type { Backbone, Feature } from './feature.ts'
import type { Layer } from './scope.ts'

/** The part before the stages: it reduces an image to the resolution of the first. */
export interface Stem {
  /** Of its output, relative to the image. */
  readonly stride: number
  /** Applied at the backbone's place in the tree of names. */
  readonly layer: Layer
}

/** Blocks at one resolution. */
export interface Stage {
  /** As the backbone's paper or upstream's code counts them. */
  readonly number: number
  /** Factor by which it reduces the resolution of its input. */
  readonly stride: number
  /** Applied at the backbone's place in the tree of names. */
  readonly layer: Layer
}

/**
 * A backbone of a stem and consecutive stages: `[N, 3, H, W]` → the features of the stages whose numbers are
 * in `outStages`, in the order of the stages. All get short names: `stem`, `stage2`, `stage3` …
 */
export function stagedBackbone (stem: Stem, stages: readonly Stage[], outStages: readonly number[]): Backbone {
  return (image, scope) => {
    let last: Feature = { tensor: scope.alias('stem', stem.layer(image, scope)), stride: stem.stride }
    const features = stages.map(({ number, stride, layer }) => {
      last = { tensor: scope.alias(`stage${number}`, layer(last.tensor, scope)), stride: last.stride * stride }
      return { number, ...last }
    })
    return features.filter(({ number }) => outStages.includes(number)).map(({ tensor, stride }) => ({ tensor, stride }))
  }
}
