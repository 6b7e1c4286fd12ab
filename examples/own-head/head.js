/** A detector with a head of your own, from layers to detections: ShuffleNetV2, PAN, and one tower for all levels. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngine } from 'nanodet-server'
import { compile, conv2d, convModule, input, levelName, op, pan, relu, Scope, shuffleNetV2 } from 'nanodet-server/nn'

const LABELS = ['helmet', 'vest']
const SIZE = 320
const REG_MAX = 7

/** Levels `[N, C, H, W]` → logits `[N, points, labels + 4 · (REG_MAX + 1)]`, the layout that the engine decodes. */
const head = (levels, scope) => op.concat(levels.map(feature => {
  const shared = scope.for(levelName(feature)) // all levels use the same parameters
  const tower = shared.apply('tower', convModule(96, { kernel: 3, act: relu }), feature.tensor)
  const values = shared.apply('out', conv2d(LABELS.length + 4 * (REG_MAX + 1), 1, { bias: true }), tower)
  return op.flatten(op.transpose(values, [0, 2, 3, 1]), 1, 2)
}))

/** Untrained: replace this with the weights of a checkpoint, `weightsOf(readSafetensors(bytes))`. */
const weights = {
  folded: false,
  get (name, shape) {
    const size = shape.reduce((product, dim) => product * dim, 1)
    return Float32Array.from({ length: size }, (_, i) => name.endsWith('running_var') ? 1 : Math.sin(7 * i + name.length) / 4)
  }
}

const scope = Scope.root(weights)
const image = input('data', [1, 3, SIZE, SIZE])
const features = scope.apply('backbone', shuffleNetV2({ width: '0.5x' }), image)
const predictions = scope.apply('head', head, scope.apply('fpn', pan(96), features))
console.log(`predictions: [${predictions.shape.join(', ')}]`)

const [, , folder = 'models', photo = 'docs/images/street.jpg'] = process.argv
await mkdir(folder, { recursive: true })
await writeFile(join(folder, 'own-head.onnx'), compile({ output: predictions }, { names: scope.taps }))
await writeFile(join(folder, 'own-head.json'), JSON.stringify({
  task: 'detect',
  graph: 'opaque',
  input: { width: SIZE, height: SIZE },
  head: { reg_max: REG_MAX, strides: [8, 16, 32], offset: 0.5 },
  scores: 'logits',
  labels: LABELS
}))

const engine = await createEngine({ modelsDir: folder, model: 'own-head' })
const { model, detections } = await engine.detect(await readFile(photo), { scoreThreshold: 0, maxDetections: 1 })
console.log(`${model}: ${detections.map(({ label, score }) => `${label} ${score.toFixed(2)}`).join()} from untrained weights`)
const layers = await engine.layers()
console.log(`${layers.length} layers; the last is ${layers.at(-1).name}`)
