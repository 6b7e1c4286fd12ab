import type { Size } from '../../head/decode/boxes.ts'
import type { Pixels } from '../../engine/image/decode.ts'
import type { Rgb } from '../../engine/image/warp.ts'
import type { Warp } from '../../models/resize-mode.ts'
import type { Random } from '../random.ts'
import type { Augmentation } from '../spec.ts'
import { jitterColors } from './colors.ts'
import { matrixOf, times, type Matrix } from './matrix.ts'
import { randomMatrix, type Pipeline } from './random-matrix.ts'
import { warpByMatrix } from './warp-by-matrix.ts'

/** How photos come into the network's input, apart from random changes. */
export interface Fit {
  /** From a photo as it is. */
  readonly warp: (photo: Size) => Warp
  readonly pipeline: Pipeline
  /** Size of the result. */
  readonly input: Size
  /** Color of what the canvas leaves free. */
  readonly padding?: Rgb
}

/** The network's input, and the way from the photo to it. */
export interface Augmented { readonly pixels: Uint8Array, readonly matrix: Matrix, readonly canvas: Size }

/** A photo with random changes of place and color, as the network takes it. */
export function augmentedPixels (
  photo: Pixels, { warp, pipeline, input, padding }: Fit, augmentation: Augmentation, next: Random
): Augmented {
  const { canvas, ...resize } = warp(photo)
  const matrix = times(matrixOf(resize), randomMatrix(next, pipeline, augmentation, photo))
  const pixels = warpByMatrix(photo, matrix, { canvas, padded: input, ...(padding && { padding }) })
  jitterColors(pixels, augmentation, next)
  return { pixels, matrix, canvas }
}
