import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import type { ChannelFactors } from '../../nn/passes/equalize-channels.ts'
import { Scales, type Scale } from '../../nn/passes/scales.ts'
import type { Weights } from '../../nn/scope.ts'
import type { CalibrationTable } from '../calibration-table.ts'
import type { ModelConfig } from '../config.ts'
import { graphOnPixels } from '../network.ts'
import { chooseRange, type Method } from './choose-range.ts'
import { Histogram } from './histogram.ts'
import { int8Form } from './int8-form.ts'

/** Observes a network's values on photos, and makes a calibration table. It keeps counts, not values. */
export class Calibrator {
  /** The network with every computed value as an output: uint8 `[1, H, W, 3]` RGB → what `observe` takes. */
  readonly onnx: Uint8Array
  readonly #factors: ChannelFactors
  readonly #observed: ReadonlyMap<string, Scale>
  readonly #histograms: ReadonlyMap<Scale, Histogram>

  /** @throws NetworkError if the weights or the factors do not fit the config */
  constructor (config: ModelConfig, weights: Weights, factors: ChannelFactors) {
    this.#factors = factors
    const graph = int8Form(graphOnPixels(config, weights), factors)
    const scales = new Scales(graph).all
    const values = scales.flatMap(scale => scale.computed.map(x => ({ x, scale }))).map((value, i) => [String(i), value] as const)
    this.onnx = toOnnx({ outputs: new Map(values.map(([name, { x }]) => [name, x])) })
    this.#observed = new Map(values.map(([name, { scale }]) => [name, scale]))
    this.#histograms = new Map(scales.map(scale => [scale, new Histogram()]))
  }

  /** Counts one photo's values. */
  observe (outputs: Readonly<Record<string, { readonly data: Float32Array }>>): void {
    for (const [name, scale] of this.#observed) this.#histograms.get(scale)!.add(outputs[name]!.data)
  }

  table (method: Method): CalibrationTable {
    const ranges = [...this.#histograms].map(([{ key, slope }, histogram]) => [key, chooseRange(histogram, method, slope)] as const)
    return { factors: this.#factors, ranges: Object.fromEntries(ranges) }
  }
}
