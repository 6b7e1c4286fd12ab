import * as op from './ops.ts'
import type { ConvOptions } from './ops.ts'
import type { Layer } from './scope.ts'

/**
 * A k×k convolution, padded to keep the size at stride 1: `[N, C, H, W]` → `[N, out, H/stride, W/stride]`.
 * Without `bias`, a batch norm follows; then it has a bias only in checkpoints with the norm folded into it.
 */
export function conv2d (out: number, kernel: number, { bias, ...options }: ConvOptions & { bias?: boolean } = {}): Layer {
  return (x, scope) => {
    const weight = scope.param('weight', [out, x.channels / (options.groups ?? 1), kernel, kernel])
    const shift = bias ?? scope.folded ? scope.param('bias', [out]) : undefined
    return op.conv(x, weight, shift, { padding: kernel >> 1, ...options })
  }
}

/** 1×1 convolution. */
export const pointwise = (out: number): Layer => conv2d(out, 1)

/** One k×k filter per channel. */
export const depthwise = (kernel: number, stride = 1): Layer =>
  (x, scope) => conv2d(x.channels, kernel, { stride, groups: x.channels })(x, scope)

/**
 * Batch norm over channels with running statistics, or with those of the batch where the weights say so; the identity if the checkpoint has
 * it folded into the convolution before it.
 */
export function batchNorm (epsilon = 1e-5): Layer {
  return (x, scope) => {
    if (scope.folded) return scope.untap(x) // the value before the norm is lost: x is already the norm's output
    const param = (name: string) => scope.param(name, [x.channels])
    if (scope.usesBatchStatistics) {
      const { y, ...statistics } = op.batchNormOfBatch(x, param('weight'), param('bias'), epsilon)
      scope.record(statistics)
      return y
    }
    return op.batchNorm(x, param('weight'), param('bias'), param('running_mean'), param('running_var'), epsilon)
  }
}

/** Group norm over channels: `[N, C, …]` → the same. */
export function groupNorm (groups: number): Layer {
  return (x, scope) => op.groupNorm(x, groups, scope.param('weight', [x.channels]), scope.param('bias', [x.channels]))
}

/** Layer norm over the last axis. */
export const layerNorm: Layer = (x, scope) => op.layerNorm(x, scope.param('weight', [x.dim(-1)]), scope.param('bias', [x.dim(-1)]))

/** `[…, in]` → `[…, out]` */
export function linear (out: number, { bias = true } = {}): Layer {
  return (x, scope) => op.linear(x, scope.param('weight', [out, x.dim(-1)]), bias ? scope.param('bias', [out]) : undefined)
}

/** Runs layers one after another, named 0, 1, 2 … as torch.nn.Sequential names them. */
export const sequential = (...layers: readonly Layer[]): Layer => sequentialFrom(0, layers)

/** Part of a longer sequence, numbered from `first`. */
export const sequentialFrom = (first: number, layers: readonly Layer[]): Layer =>
  (x, scope) => layers.reduce((y, layer, i) => scope.apply(first + i, layer, y), x)

/** A layer one level down, under its own name, which also names its output. */
export const named = (name: string | number, layer: Layer): Layer => (x, scope) => scope.apply(name, layer, x)

/** A layer whose parts are named below `name`; `name` itself is not a layer. */
export const within = (name: string | number, layer: Layer): Layer => (x, scope) => layer(x, scope.at(name))
