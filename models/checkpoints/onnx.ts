/**
 * Reads the weights of a NanoDet that was exported to ONNX. If batch norms are separate nodes, parameters have their names. By default,
 * PyTorch's exporter folds them and numbers the folded parameters. Convolutions are still in the order of the forward pass, as ours are.
 */
import { formatShape, sameShape } from '../../nn/dim.ts'
import { OnnxError } from '../../nn/errors.ts'
import { fromOnnx, type ImportedGraph } from '../../nn/onnx/from-onnx.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import type { Node, Tensor } from '../../nn/tensor.ts'
import { convolutionsOf, type Convolution } from './convolutions.ts'
import { CheckpointError } from './errors.ts'
import { float16 } from './float16.ts'
import { zeros, type Build, type Parameter, type StateDict } from './state-dict.ts'

const FORMAT = 'ONNX'

/**
 * @param build the network that the file is for; the file's own graph is not run
 * @throws CheckpointError if the file can't be read, or its graph does not have exactly the network's convolutions, each of the right shape
 * and reading the same others
 */
export function readOnnxCheckpoint (file: Uint8Array, build: Build): StateDict {
  const graph = read(file)
  const folded = ![...graph.initializers.keys()].some(name => name.endsWith('.running_var'))
  const network = build(zeros(folded))
  const named = [...graph.initializers].filter(([name]) => network.params.has(name)).map(([name, x]) => [name, parameter(x, name)] as const)
  return { folded, parameters: new Map([...named, ...folded ? numbered(graph, network) : []]) }
}

function read (file: Uint8Array): ImportedGraph {
  try {
    return fromOnnx(file)
  } catch (error) {
    if (error instanceof OnnxError) throw new CheckpointError(FORMAT, error.problem)
    throw error
  }
}

function parameter ({ shape, type, source }: Tensor, name: string): Parameter {
  if (source.kind !== 'constant') {
    const op = source.kind === 'node' ? ` by ${source.node.op}` : ''
    throw new CheckpointError(FORMAT, `${name} is computed${op}, not a constant. To run the file's own graph, remove the config beside it`)
  }
  const { data } = source
  if (data instanceof Float32Array) return { shape: shape as readonly number[], data }
  if (type === 'float16') return { shape: shape as readonly number[], data: Float32Array.from(data as Uint16Array, float16) }
  throw new CheckpointError(FORMAT, `${name} is ${type}, not float32 or float16`)
}

type Named = readonly [name: string, parameter: Parameter]

/** The parameters of all convolutions. Those whose names the network does not know are taken in order. */
function * numbered (graph: ImportedGraph, { params, output }: ReturnType<Build>): Generator<Named> {
  const theirs = convolutionsOf(graph.nodes)
  const ours = convolutionsOf(topologicalOrder([output]))
  const pairs = pair(inForwardOrder(ours, params), theirs, params)
  for (const [own, other] of pairs) {
    const { weight, bias } = ours.get(own)!
    const found = theirs.get(other)!
    const values = parameter(found.weight, nameOf(weight))
    checkSame(weight, ours.get(own)!, found, pairs)
    yield [nameOf(weight), values]
    if (bias && !found.bias) throw new CheckpointError(FORMAT, `it lacks ${nameOf(bias)}`)
    if (bias) yield [nameOf(bias), parameter(found.bias!, nameOf(bias))]
  }
}

const nameOf = ({ source }: Tensor): string => source.kind === 'constant' ? source.name ?? '' : ''

/** Parameters are recorded as layers are built, in the order of the forward pass. The graph's own order is topological only. */
function inForwardOrder (convolutions: ReadonlyMap<Node, Convolution>, params: ReadonlyMap<string, Tensor>): Node[] {
  const order = [...params.keys()]
  const place = (node: Node): number => order.indexOf(nameOf(convolutions.get(node)!.weight))
  return [...convolutions.keys()].sort((a, b) => place(a) - place(b))
}

/** Each convolution of ours with the file's: that of the same name, or the next without a known name. */
function pair (ours: readonly Node[], theirs: ReadonlyMap<Node, Convolution>, params: ReadonlyMap<string, Tensor>): Map<Node, Node> {
  const byName = new Map([...theirs].map(([node, { weight }]) => [nameOf(weight), node]))
  const unnamed = [...theirs].filter(([, { weight }]) => !params.has(nameOf(weight))).map(([node]) => node).values()
  const pairs = new Map(ours.map(node => {
    const name = nameOf(node.inputs[1]!)
    const other = byName.get(name) ?? unnamed.next().value
    if (!other) throw new CheckpointError(FORMAT, `no convolution is left for ${name}`)
    return [node, other]
  }))
  if (!unnamed.next().done) throw new CheckpointError(FORMAT, 'it has more convolutions than the network')
  return pairs
}

/** Order alone could confuse towers of the same shapes, so what a convolution reads must be the same, too. */
function checkSame (weight: Tensor, own: Convolution, other: Convolution, pairs: ReadonlyMap<Node, Node>): void {
  const name = nameOf(weight)
  if (!sameShape(weight.shape, other.weight.shape)) {
    throw new CheckpointError(FORMAT, `the convolution for ${name} is ${formatShape(other.weight.shape)}, not ${formatShape(weight.shape)}`)
  }
  const differs = [...own.sources].some(([node, ways]) => other.sources.get(pairs.get(node)!) !== ways)
  if (differs || own.sources.size !== other.sources.size) {
    throw new CheckpointError(FORMAT, `the convolution for ${name} does not read the same values as the network's`)
  }
}
