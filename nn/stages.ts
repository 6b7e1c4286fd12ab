import type { Backbone, Feature } from './feature.ts'
import type { Layer } from './scope.ts'

/** What stands before the stages: it brings an image to the resolution of the first. */
export interface Stem {
  /** Of its output, from the image on. */
  readonly stride: number
  /** Applied where the backbone stands. */
  readonly layer: Layer
}

/** Blocks at one resolution. */
export interface Stage {
  /** As the backbone's paper or upstream's code counts them. */
  readonly number: number
  /** By how much it reduces the resolution that it gets. */
  readonly stride: number
  /** Applied where the backbone stands. */
  readonly layer: Layer
}

/**
 * A backbone of a stem and stages one after another: `[N, 3, H, W]` → the features of those stages whose numbers are
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
