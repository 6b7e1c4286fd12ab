import type { Size } from '../../head/decode/boxes.ts'
import { uniform, type Random } from '../random.ts'
import type { Augmentation } from '../spec.ts'
import { scaling, times, translation, type Matrix } from './matrix.ts'

/**
 * The two ways in which upstream draws warps (nanodet/data/transform/warp.py): `plus` (ShapeTransform) draws every change; `legacy`
 * (warp_and_resize) first tosses a coin for each but the flip.
 */
export type Pipeline = 'plus' | 'legacy'

/** A random change of a photo of a size, in pixels of the photo. Upstream's order, and upstream's number of draws. */
export function randomMatrix (next: Random, pipeline: Pipeline, augmentation: Augmentation, { width, height }: Size): Matrix {
  const isDrawn = (): boolean => pipeline === 'plus' || next() >= 0.5
  let matrix = translation(-width / 2, -height / 2)
  for (const change of CHANGES) if (isDrawn()) matrix = times(change(next, augmentation), matrix)
  if (next() < augmentation.flip) matrix = times(scaling(-1, 1), matrix)
  const far = isDrawn() ? augmentation.translate : 0
  const x = uniform(next, 0.5 - far, 0.5 + far) * width
  const y = uniform(next, 0.5 - far, 0.5 + far) * height
  return times(translation(x, y), matrix)
}

type Change = (next: Random, augmentation: Augmentation) => Matrix

const CHANGES: readonly Change[] = [
  (next, { perspective }) => [1, 0, 0, 0, 1, 0, uniform(next, -perspective, perspective), uniform(next, -perspective, perspective), 1],
  (next, { scale }) => {
    const factor = uniform(next, ...scale)
    return scaling(factor, factor)
  },
  (next, { stretch: [width, height] }) => scaling(uniform(next, ...width), uniform(next, ...height)),
  (next, { rotation }) => {
    const angle = radians(uniform(next, -rotation, rotation))
    return [Math.cos(angle), Math.sin(angle), 0, -Math.sin(angle), Math.cos(angle), 0, 0, 0, 1]
  },
  (next, { shear }) => [1, tan(uniform(next, -shear, shear)), 0, tan(uniform(next, -shear, shear)), 1, 0, 0, 0, 1]
]

const radians = (degrees: number): number => degrees * Math.PI / 180
const tan = (degrees: number): number => Math.tan(radians(degrees))
