import { product } from '../../nn/dim.ts'
import { random } from '../random.ts'
import type { Parameter, StateDict } from '../../models/checkpoints/state-dict.ts'
import { constant, type Fill, type WeightFill } from './fill.ts'

/** How the layers of a part of a network are initialized. */
export interface Scheme {
  readonly convolution: WeightFill
  readonly linear?: WeightFill
  /** Of convolutions and linear layers, by their weight's shape and name; 0 if left out. */
  readonly bias?: WeightFill
  /** Of norms; 0 if left out. */
  readonly normBias?: number
  /** Parameters that belong to no layer with a weight. */
  readonly others?: WeightFill
}

type Shapes = ReadonlyMap<string, readonly number[]>

/**
 * Initial values of a network's parameters. Each is drawn by itself, so it depends on the seed and its own name alone.
 * Weights of norms are 1, running means 0 and running variances 1.
 */
export function drawn (shapes: Shapes, schemeOf: (name: string) => Scheme, seed: number): StateDict {
  const parameters = [...shapes].map(([name, shape]): [string, Parameter] => {
    const fill = fillOf(name, shapes, schemeOf(name))
    const next = random(seed, 'weights', name)
    return [name, { shape, data: Float32Array.from({ length: product(shape) }, () => fill(next)) }]
  })
  return { folded: false, parameters: new Map(parameters) }
}

function fillOf (name: string, shapes: Shapes, scheme: Scheme): Fill {
  const { convolution, linear = convolution, bias = zero, normBias = 0, others = zero } = scheme
  const [, layer, role] = /^(.*?)\.?([^.]*)$/.exec(name)!
  const weightName = layer === '' ? 'weight' : `${layer}.weight`
  const weight = shapes.get(weightName)
  if (role === 'running_mean') return constant(0)
  if (role === 'running_var') return constant(1)
  if (!weight) return others(shapes.get(name)!, name)
  if (weight.length === 1) return constant(role === 'weight' ? 1 : normBias)
  if (role === 'bias') return bias(weight, weightName)
  return (weight.length === 2 ? linear : convolution)(weight, weightName)
}

const zero: WeightFill = () => constant(0)
