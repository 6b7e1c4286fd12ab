/** A small residual network: three stages with strides 8, 16 and 32, compiled to ONNX. */
import { writeFile } from 'node:fs/promises'
import { compile, convModule, input, named, op, relu, Scope, sequential, stagedBackbone } from 'nanodet-server/nn'

const WIDTHS = [32, 64, 128]
const conv3x3 = (out, stride = 1) => convModule(out, { kernel: 3, stride, act: relu })

/** x + conv(conv(x)): `[N, C, H, W]` → the same. */
const residual = (x, scope) => {
  const y = scope.apply('conv1', conv3x3(x.channels), x)
  return op.add(x, scope.apply('conv2', conv3x3(x.channels), y))
}

/** `[N, 3, H, W]` → features of stages 2, 3 and 4. Every layer has a path in the tree of names: `stage3.1.conv2`. */
const backbone = stagedBackbone(
  { stride: 4, layer: named('stem', sequential(conv3x3(16, 2), conv3x3(24, 2))) },
  WIDTHS.map((width, i) => ({ number: i + 2, stride: 2, layer: named(`stage${i + 2}`, sequential(conv3x3(width, 2), residual)) })),
  [2, 3, 4]
)

/** Weights by name and shape; a checkpoint would be `weightsOf(readSafetensors(bytes))`. */
const weights = {
  folded: false,
  get (name, shape) {
    const size = shape.reduce((product, dim) => product * dim, 1)
    return Float32Array.from({ length: size }, (_, i) => name.endsWith('running_var') ? 1 : Math.sin(7 * i + name.length) / 4)
  }
}

const scope = Scope.root(weights)
const features = scope.apply('backbone', backbone, input('image', [1, 3, 320, 320]))
for (const { tensor, stride } of features) console.log(`stride ${stride}: [${tensor.shape.join(', ')}]`)
const parameters = [...scope.params.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
console.log(`${scope.params.size} parameter tensors, ${parameters} numbers; the last is ${[...scope.params.keys()].at(-1)}`)

const [, , file = 'own-backbone.onnx'] = process.argv
const outputs = Object.fromEntries(features.map(({ tensor }, i) => [`stage${i + 2}`, tensor]))
const onnx = compile(outputs, { names: scope.taps })
await writeFile(file, onnx)
console.log(`${file}: ${onnx.length} bytes`)
