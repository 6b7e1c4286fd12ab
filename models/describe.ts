import type { BackboneConfig, ModelConfig } from './config.ts'
import { countParameters } from './layers.ts'

type Description = ReturnType<typeof describe>

const described = new WeakMap<ModelConfig, Description>() // counting parameters takes building the network

/** What a person wants to know of a model before using it. */
export function describeModel (config: ModelConfig): Description {
  const description = described.get(config) ?? describe(config)
  described.set(config, description)
  return description
}

function describe (config: ModelConfig) {
  const { name, backbone, neck, head, geometry, labels, published } = config
  return {
    name,
    input: config.input,
    geometry,
    backbone: nameOf(backbone),
    neck: neck.name,
    head: head.name,
    strides: [...head.strides],
    parameters: countParameters(config),
    labels: [...labels],
    published
  }
}

/** With its size, where a backbone comes in several: `shufflenetv2 1.0x`, `repvgg A0`. */
function nameOf (backbone: BackboneConfig): string {
  if ('width' in backbone) return `${backbone.name} ${backbone.width}`
  return 'variant' in backbone ? `${backbone.name} ${backbone.variant}` : backbone.name
}
