import { product } from '../nn/dim.ts'
import type { Tensor } from '../nn/tensor.ts'
import { zeros } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'
import { buildOnImage, type Network } from './network.ts'
import { padToStride } from './resize-mode.ts'

/** A value inside a network that can be requested. */
export interface LayerInfo {
  /** Its path in the checkpoint. */
  readonly name: string
  /** Its short name, `stage2` or `p3`. */
  readonly alias?: string
  /** Of one image; feature maps are `[1, C, H, W]`. */
  readonly shape: readonly number[]
  readonly dtype: 'float32'
  /** Pixels of the network's input per cell; only feature maps have one. */
  readonly stride?: number
  /** Trained numbers in it and in the layers below it. */
  readonly parameters: number
}

/**
 * The layers of a model in the order of the forward pass. A stage and its last block are one value with two names, listed twice.
 * @param folded whether its checkpoint has batch norms folded: values before a folded norm are not available
 */
export function listLayers (config: ModelConfig, folded: boolean): LayerInfo[] {
  const network = buildOnImage(config, zeros(folded))
  const { width } = padToStride(config.input)
  const aliases = aliasesByName(network)
  const sizes = trainedSizes(network)
  return [...network.taps].map(([name, { shape }]) => {
    const alias = aliases.get(name)
    return {
      name,
      ...(alias !== undefined && { alias }),
      shape: shape as readonly number[],
      dtype: 'float32',
      ...(shape.length === 4 && { stride: width / Number(shape[3]) }),
      parameters: sizes.filter(([path]) => path.startsWith(`${placeOf(name)}.`)).reduce((total, [, size]) => total + size, 0)
    }
  })
}

/** Trained numbers of a model, as PyTorch counts them: batch norms with weight and bias, without their running statistics. */
export function countParameters (config: ModelConfig): number {
  return trainedSizes(buildOnImage(config, zeros(false))).reduce((total, [, size]) => total + size, 0)
}

/** A suffix to the path, `@p3`, distinguishes the values of layers that several levels share. */
const placeOf = (name: string): string => name.replace(/@.*$/, '')

/** The outermost of a value's names, which comes last, gets the alias. */
function aliasesByName ({ taps, aliases }: Network): Map<string, string> {
  const nameOf = new Map<Tensor, string>([...taps].map(([name, x]) => [x, name]))
  return new Map([...aliases].map(([alias, x]) => [nameOf.get(x)!, alias]))
}

/** Number of trained values of each parameter in use; running statistics of batch norms don't count. */
export const trainedSizes = ({ params }: Network): Array<[name: string, size: number]> =>
  [...params].filter(([name]) => !/\.running_(mean|var)$/.test(name)).map(([name, { shape }]) => [name, Number(product(shape))])
