/** Writes networks as PyTorch's exporter does, for tests to read: in the order of the forward pass, and without most names. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema, type GraphProto, type NodeProto } from 'onnx-buf'

/**
 * @param bytes what toOnnx wrote
 * @param order the names of the parameters in the order of the forward pass
 * @param keepName which of them keep their names; the others are numbered
 */
export function asExported (bytes: Uint8Array, order: readonly string[], keepName: (name: string) => boolean): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes)
  const graph = model.graph!
  sortNodes(graph, order)
  const renamed = new Map(order.filter(name => !keepName(name)).map((name, i) => [name, String(941 + i)]))
  for (const initializer of graph.initializer) initializer.name = renamed.get(initializer.name) ?? initializer.name
  for (const node of graph.node) node.input = node.input.map(name => renamed.get(name) ?? name)
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model))
}

/** A node stands where the last parameter before it does; the sort is stable, so nodes stay behind what they read. */
function sortNodes (graph: GraphProto, order: readonly string[]): void {
  const last = new Map<string, number>(order.map((name, i) => [name, i]))
  const place = (node: NodeProto): number => Math.max(-1, ...node.input.map(name => last.get(name) ?? -1))
  for (const node of graph.node) {
    const at = place(node)
    for (const name of node.output) last.set(name, at)
  }
  graph.node.sort((a, b) => last.get(a.output[0]!)! - last.get(b.output[0]!)!)
}
