import type { Size } from '../head/decode/boxes.ts'
import type { BackboneConfig, ClassifierBackboneConfig } from './architectures.ts'
import type { AnyConfig, ModelConfig, Published } from './config.ts'
import type { Geometry } from './geometry.ts'
import { countParameters } from './layers.ts'

/** Parts that a model does not have, or that nobody can know of it, are left out. */
export interface Description {
  name: string
  task: 'detect' | 'classify'
  input: Size
  labels: string[]
  geometry?: Geometry
  backbone?: string
  neck?: string
  head?: string
  strides?: number[]
  parameters?: number
  published?: Published
}

const described = new WeakMap<object, Description>() // counting parameters takes building the network

/** What a person wants to know of a model before using it. */
export function describeModel (model: AnyConfig): Description {
  const description = described.get(model.config) ?? describe(model)
  described.set(model.config, description)
  return description
}

function describe (model: AnyConfig): Description {
  const { config: { name, input, labels } } = model
  const task = model.kind === 'classifier' ? 'classify' as const : 'detect' as const
  return { name, task, input, labels: [...labels], ...partsOf(model) }
}

function partsOf (model: AnyConfig): Partial<Description> {
  switch (model.kind) {
    case 'detector': return { ...detectorParts(model.config), parameters: countParameters(model.config) }
    case 'opaque': return { geometry: model.config.geometry, strides: [...model.config.head.strides] }
    case 'classifier': return { backbone: nameOf(model.config.backbone) }
  }
}

const detectorParts = ({ backbone, neck, head, geometry, published }: ModelConfig) => ({
  geometry, backbone: nameOf(backbone), neck: neck.name, head: head.name, strides: [...head.strides], ...(published && { published })
})

/** With its size, where a backbone comes in several: `shufflenetv2 1.0x`, `repvgg A0`. */
function nameOf (backbone: BackboneConfig | ClassifierBackboneConfig): string {
  if ('width' in backbone) return `${backbone.name} ${backbone.width}`
  return 'variant' in backbone ? `${backbone.name} ${backbone.variant}` : backbone.name
}
