import { compileModel } from '../../models/kinds/kinds.ts'
import type { Model } from '../../models/model.ts'
import { CPU } from '../providers.ts'
import type { Networks } from './on-providers.ts'
import type { PrepareOptions } from './task.ts'

/** Compiles a model for the execution providers that may run it. */
export function compileNetworks (model: Model, { providers = [CPU], maxBatch = 1 }: PrepareOptions = {}): Networks {
  const isBatched = maxBatch > 1
  const onnx = compileModel(model, [], undefined, { isBatched })
  const precision = 'precision' in model ? model.precision ?? 'fp32' : 'fp32'
  if (providers.every(provider => provider === CPU)) return { onnx, precision }
  return { onnx, precision, portable: compileModel(model, [], undefined, { isPortable: true, isBatched }) }
}
