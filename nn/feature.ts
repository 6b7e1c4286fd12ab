import type { Layer } from './scope.ts'
import type { Tensor } from './tensor.ts'

/** A feature map `[N, C, H/stride, W/stride]` of an `[N, 3, H, W]` image. */
export interface Feature { readonly tensor: Tensor, readonly stride: number }

export type Backbone = Layer<Tensor, readonly Feature[]>
export type Neck = Layer<readonly Feature[], readonly Feature[]>
/** Predictions of all levels, `[N, points, values]`. */
export type Head = Layer<readonly Feature[]>

/** The number of a pyramid level: level 3 has stride 2³. */
export const levelNumber = ({ stride }: Feature): number => Math.log2(stride)

/** The usual name of a pyramid level, `p3`. */
export const levelName = (feature: Feature): string => `p${levelNumber(feature)}`
