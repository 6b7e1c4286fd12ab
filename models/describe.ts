import { product } from '../nn/dim.ts'
import { input } from '../nn/tensor.ts'
import { zeros } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'
import { buildNetwork } from './network.ts'

/** What a person wants to know of a model before using it. */
export function describeModel (config: ModelConfig) {
  const { name, backbone, neck, head, geometry, labels, published } = config
  return {
    name,
    input: config.input,
    geometry,
    backbone: `${backbone.name} ${backbone.width}`,
    neck: neck.name,
    head: head.name,
    strides: [...head.strides],
    parameters: countParameters(config),
    labels: [...labels],
    published
  }
}

/** Trained numbers in use, as PyTorch counts them: batch norms with their weight and bias, without their running statistics. */
export function countParameters (config: ModelConfig): number {
  const { params } = buildNetwork(config, zeros(false), input('image', [1, 3, config.input.height, config.input.width]))
  return [...params].filter(([name]) => !/\.running_(mean|var)$/.test(name)).reduce((total, [, { shape }]) => total + Number(product(shape)), 0)
}
