/**
 * LayerCAM (Jiang, Zhang, Hou, Cheng and Wei 2021, https://doi.org/10.1109/TIP.2021.3089943): the cells of a layer that raise a score. With
 * the layer's activation A and the gradient g of the score, the map is relu(Σ_c relu(g) · A), cell by cell. Unlike in Grad-CAM, every cell
 * has weights of its own, so maps of fine layers are meaningful, too.
 */
import { NetworkError } from '../nn/errors.ts'
import { gradients } from '../nn/gradients/gradients.ts'
import { node } from '../nn/node.ts'
import * as op from '../nn/ops.ts'
import { input, integers, type Node, type Tensor } from '../nn/tensor.ts'
import { SEED_NAME } from './tensor-names.ts'

/** A network as far as gradients need it. */
export interface Differentiable {
  readonly predictions: Tensor
  readonly taps: ReadonlyMap<string, Tensor>
  readonly owners?: ReadonlyMap<Node, string>
}

/**
 * The maps `[1, 1, H, W]` of layers, as outputs of a graph with one more input, SEED_NAME: the gradient of the score by the predictions,
 * in their shape. A value's score has 1 in its place, and 0 elsewhere.
 * @param layers names of feature maps `[1, C, H, W]`
 * @throws GradientError, ShapeError if an operator between the layers and the predictions can't be differentiated
 */
export function layerCam ({ predictions, taps, owners }: Differentiable, layers: readonly string[]): Map<string, Tensor> {
  const activations = layers.map(name => floatsOf(name, taps.get(name)!))
  const seed = input(SEED_NAME, predictions.shape)
  const found = gradients([predictions], [seed], activations, { ...owners && { owners } })
  return new Map(layers.map((name, i) => [name, mapOf(activations[i]!, found[i]!)]))
}

function mapOf (activation: Tensor, gradient: Tensor): Tensor {
  const [batch = 1, , ...cells] = activation.shape
  const sum = node('ReduceSum', [op.mul(op.relu(gradient), activation), integers([1])], [batch, 1, ...cells])
  return op.relu(sum)
}

function floatsOf (name: string, x: Tensor): Tensor {
  if (x.type === 'float32') return x
  throw new NetworkError(`${name} is ${x.type}: gradients need float32`)
}
