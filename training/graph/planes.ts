import type { PointsConfig } from '../../nn/spec.ts'
import * as op from '../../nn/ops.ts'
import type { Tensor } from '../../nn/tensor.ts'

/**
 * A head's predictions as the loss takes them, `[N, values, P]`: levels side by side as the convolutions give them, which spares the
 * transposes of the served form.
 */
export function predictionPlanes ({ strides }: Pick<PointsConfig, 'strides'>, aliases: ReadonlyMap<string, Tensor>): Tensor {
  return op.concat(strides.map(stride => op.flatten(aliases.get(`pred${Math.log2(stride)}`)!, 2, 3)), 2)
}
