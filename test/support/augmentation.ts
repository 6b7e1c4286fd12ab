import type { Augmentation } from '../../training/spec.ts'

/** No change at all. */
export const UNCHANGED: Augmentation = {
  perspective: 0,
  scale: [1, 1],
  stretch: [[1, 1], [1, 1]],
  rotation: 0,
  shear: 0,
  translate: 0,
  flip: 0,
  brightness: 0,
  contrast: [1, 1],
  saturation: [1, 1],
  mosaic: 0
}
