/** Reference values of training, made by upstream's code (NOTICE): fixtures/training-*.json. */
import { REGISTRY } from '../../models/registry.ts'
import type { ModelConfig } from '../../models/config.ts'
import type { TruthBox } from '../../training/spec.ts'
import { seededFloats } from './seeded.ts'

export type Corners = [x1: number, y1: number, x2: number, y2: number]

/** What a reference scene shows. */
export interface Scene { readonly boxes: readonly Corners[], readonly labels: readonly number[] }

/** Objects of a scene. Upstream holds boxes in float32. */
export const objectsOf = ({ boxes, labels }: Scene): TruthBox[] =>
  boxes.map((box, i) => ({ box: box.map(Math.fround) as Corners, label: labels[i]! }))

/** A registry model with so many classes, on input of another size. */
export function configOf (name: string, width: number, height: number, classes: number): ModelConfig {
  return { ...REGISTRY.get(name)!, input: { width, height }, labels: Array.from({ length: classes }, (_, i) => `class ${i}`) }
}

/** Predictions that depend on a text alone, `[points, classes + distances]`: logits of classes are low, as in training. */
export function seededPredictions (seed: string, points: number, classes: number, regMax: number): Float32Array {
  const values = classes + 4 * (regMax + 1)
  let i = 0
  return seededFloats(seed, points * values, u => i++ % values < classes ? 9 * u - 8 : 8 * u - 4)
}

/** `[rows, columns]` → `[columns, rows]` */
export const transposed = (data: ArrayLike<number>, columns: number): Float32Array => {
  const rows = data.length / columns
  return Float32Array.from({ length: data.length }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!)
}
