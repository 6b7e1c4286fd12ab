import type { BackboneConfig, ClassifierBackboneConfig } from '../architectures.ts'

/** A backbone's name, with its size where it comes in several: `shufflenetv2 1.0x`, `repvgg A0`. */
export function backboneName (backbone: BackboneConfig | ClassifierBackboneConfig): string {
  if ('width' in backbone) return `${backbone.name} ${backbone.width}`
  return 'variant' in backbone ? `${backbone.name} ${backbone.variant}` : backbone.name
}
