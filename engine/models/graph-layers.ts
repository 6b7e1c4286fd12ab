import type { OpaqueConfig } from '../../models/config.ts'
import type { LayerInfo } from '../../models/layers.ts'
import { buildOpaque, compileOpaque } from '../../models/opaque.ts'
import { Session } from '../session.ts'

/**
 * The values inside an ONNX file's graph, by the file's names, in its order. Their shapes are what the runtime works out, which the file
 * may not say; values whose shape depends on the photo are left out.
 */
export async function graphLayers (onnx: Uint8Array, config: OpaqueConfig): Promise<LayerInfo[]> {
  const names = [...buildOpaque(onnx, config).taps.keys()]
  const session = await Session.create(compileOpaque(onnx, config, names), 1)
  const { outputShapes } = session
  await session.release()
  return names.flatMap(name => {
    const shape = outputShapes.get(name)
    return shape === undefined ? [] : [{ name, shape, dtype: 'float32', ...strideOf(shape, config), parameters: 0 }]
  })
}

/** Maps as wide as a part of the input have a stride. */
function strideOf (shape: readonly number[], { input }: OpaqueConfig): { stride?: number } {
  const stride = input.width / shape[3]!
  return shape.length === 4 && Number.isInteger(stride) && shape[3]! > 1 ? { stride } : {}
}
