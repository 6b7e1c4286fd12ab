import { weightsOf } from '../../models/checkpoints/state-dict.ts'
import type { NetworkModel } from '../../models/model.ts'
import { buildOnImage } from '../../models/network.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import * as op from '../../nn/ops.ts'

/** A network as NanoDet's exporter writes it: scores after the sigmoid beside the distances. */
export function opaqueGraph ({ config, stateDict }: NetworkModel): Buffer {
  const { predictions } = buildOnImage(config, weightsOf(stateDict))
  const [scores, distances] = op.split(predictions, [config.labels.length, 4 * (config.head.regMax + 1)], 2)
  return Buffer.from(toOnnx({ outputs: new Map([['output', op.concat([op.sigmoid(scores!), distances!], 2)]]) }))
}

/** A network that predicts distances themselves. */
export function distancesGraph ({ config, stateDict }: NetworkModel): Buffer {
  const { predictions } = buildOnImage(config, weightsOf(stateDict))
  const [scores, distances] = op.split(predictions, [config.labels.length, 4, 4 * config.head.regMax], 2)
  return Buffer.from(toOnnx({ outputs: new Map([['output', op.concat([op.sigmoid(scores!), op.sigmoid(distances!)], 2)]]) }))
}
