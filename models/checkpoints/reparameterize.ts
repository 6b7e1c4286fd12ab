import { weightsOf, type Parameter, type StateDict } from './state-dict.ts'

/** The first parameter of a RepVGG block in its training form, and all of them. */
const DENSE = /\.rbr_dense\.0\.weight$/
const BRANCH = /\.rbr_(dense|1x1|identity)\./
const EPSILON = 1e-5

/** A convolution with the batch norm after it folded in: `kernel · gain + shift`, per output channel. */
interface Folded { readonly kernel: Float32Array, readonly gain: Float32Array, readonly shift: Float32Array }

/**
 * Replaces the branches of each RepVGG block with the 3×3 convolution that they add up to, `rbr_reparam`: each norm is folded into its
 * convolution; the 1×1 kernel and the identity are added to the center of the 3×3 kernel (https://arxiv.org/abs/2101.03697, figure 4).
 * A checkpoint without such blocks is returned unchanged. Upstream: nanodet/model/module/conv.py (RepVGGConvModule.repvgg_convert)
 * @throws ParameterError if a branch lacks a parameter or has one of another shape
 */
export function reparameterize (stateDict: StateDict): StateDict {
  const { folded, parameters } = stateDict
  const blocks = [...parameters.keys()].filter(name => DENSE.test(name)).map(name => name.replace(DENSE, ''))
  if (blocks.length === 0) return stateDict
  const rest = [...parameters].filter(([name]) => !BRANCH.test(name))
  return { folded, parameters: new Map([...rest, ...blocks.flatMap(block => reparam(stateDict, block))]) }
}

function reparam (stateDict: StateDict, block: string): Array<[name: string, parameter: Parameter]> {
  const shape = stateDict.parameters.get(`${block}.rbr_dense.0.weight`)!.shape
  const [out, input] = shape as [number, number]
  const dense = foldedConv(stateDict, `${block}.rbr_dense`, shape)
  const middles = [foldedConv(stateDict, `${block}.rbr_1x1`, [out, input, 1, 1])]
  if (stateDict.parameters.has(`${block}.rbr_identity.weight`)) {
    middles.push({ kernel: unit(out, input), ...foldedNorm(stateDict, `${block}.rbr_identity`, out) })
  }
  const weight = dense.kernel.map((value, i) => value * dense.gain[Math.floor(i / 9 / input)]!)
  for (const { kernel, gain } of middles) kernel.forEach((value, i) => { weight[i * 9 + 4]! += value * gain[Math.floor(i / input)]! })
  const bias = dense.shift.map((value, c) => middles.reduce((sum, { shift }) => sum + shift[c]!, value))
  return [[`${block}.rbr_reparam.weight`, { shape, data: weight }], [`${block}.rbr_reparam.bias`, { shape: [out], data: bias }]]
}

const foldedConv = (stateDict: StateDict, branch: string, shape: readonly number[]): Folded =>
  ({ kernel: weightsOf(stateDict).get(`${branch}.0.weight`, shape), ...foldedNorm(stateDict, `${branch}.1`, shape[0]!) })

function foldedNorm (stateDict: StateDict, norm: string, channels: number): Omit<Folded, 'kernel'> {
  const param = (name: string): Float32Array => weightsOf(stateDict).get(`${norm}.${name}`, [channels])
  const [bias, mean, variance] = [param('bias'), param('running_mean'), param('running_var')]
  const gain = param('weight').map((weight, c) => weight / Math.sqrt(variance[c]! + EPSILON))
  return { gain, shift: bias.map((value, c) => value - mean[c]! * gain[c]!) }
}

/** The identity as a 1×1 kernel. */
const unit = (out: number, input: number): Float32Array =>
  Float32Array.from({ length: out * input }, (_, i) => Number(i % input === Math.floor(i / input)))
