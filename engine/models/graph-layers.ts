import type { OpaqueConfig } from '../../models/config.ts'
import type { LayerInfo } from '../../models/layers.ts'
import { buildOpaque, compileOpaque } from '../../models/opaque/graph.ts'
import { Session } from '../session.ts'

/**
 * The layers of an ONNX file's graph, with the file's names and in its order. Shapes come from the runtime, because the file need not
 * declare them. Layers whose shape depends on the photo are left out.
 * @throws OnnxError if the file can't be read; what the runtime throws if it can't load the graph
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

/** Feature maps whose width divides the input's have a stride. */
function strideOf (shape: readonly number[], { input }: OpaqueConfig): { stride?: number } {
  const stride = input.width / shape[3]!
  return shape.length === 4 && Number.isInteger(stride) && shape[3]! > 1 ? { stride } : {}
}
