/** Models as files for other programs. docs/export.md says how to use them. */
import { decodeInGraph, type Thresholds } from '../head/decode/in-graph.ts'
import { centerPriors } from '../head/decode/priors.ts'
import * as op from '../nn/ops.ts'
import { spellOutShuffles } from '../nn/onnx/spell-out-shuffles.ts'
import { toOnnx } from '../nn/onnx/to-onnx.ts'
import type { Weights } from '../nn/scope.ts'
import { input, type Tensor } from '../nn/tensor.ts'
import { writeSafetensors } from './checkpoints/safetensors.ts'
import { weightsOf, type StateDict } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'
import { OUTPUT_NAME } from './tensor-names.ts'
import { buildNetwork, buildOnImage, buildOnPixels } from './network.ts'
import { padToStride } from './resize-mode.ts'

/** Upstream's name for a normalized image. */
const IMAGE_NAME = 'data'

/**
 * ONNX as upstream's exporter writes it (tools/export_onnx.py): `data`, a normalized float32 image `[1, 3, H, W]` → `output`
 * `[1, points, numClasses + 4 · (regMax + 1)]`, with scores after the sigmoid and box distributions before the softmax. It uses only
 * widely supported operators.
 * @throws NetworkError if the weights do not fit
 */
export function exportRaw (config: ModelConfig, weights: Weights): Uint8Array {
  const { width, height } = padToStride(config.input)
  const { predictions, taps } = buildNetwork(config, weights, input(IMAGE_NAME, [1, 3, height, width]))
  const output = withScores(predictions, config.labels.length)
  const graph = { outputs: new Map([[OUTPUT_NAME, output]]), names: taps, metadata: describe(config, { form: 'raw' }) }
  return toOnnx(spellOutShuffles(graph))
}

/** Applies the sigmoid to the class logits. Uses Slice: some readers of ONNX assume that the parts of a Split are equal (OpenCV 4.6). */
function withScores (predictions: Tensor, numClasses: number): Tensor {
  const logits = op.slice(predictions, 0, numClasses, 2)
  const distributions = op.slice(predictions, numClasses, Number(predictions.dim(2)), 2)
  return op.concat([op.sigmoid(logits), distributions], 2)
}

/**
 * ONNX from pixels to objects: `pixels`, uint8 `[1, H, W, 3]` RGB → `boxes` `[n, 4]` (x1, y1, x2, y2 in pixels of this input), `scores`
 * `[n]` and `class_ids`, int64 `[n]`, best first.
 * @throws NetworkError if the weights do not fit
 */
export function exportEndToEnd (config: ModelConfig, weights: Weights, thresholds: Thresholds): Uint8Array {
  const { predictions, taps } = buildOnPixels(config, weights)
  const { labels, head: { regMax, strides, offset } } = config
  const size = padToStride(config.input)
  const priors = centerPriors(size, strides, offset)
  const found = decodeInGraph(predictions, { numClasses: labels.length, regMax }, priors, size, thresholds)
  const { scoreThreshold, iouThreshold, maxDetections } = thresholds
  const limits = { score_threshold: scoreThreshold, iou_threshold: iouThreshold, max_detections: maxDetections }
  return toOnnx({
    outputs: new Map([['boxes', found.boxes], ['scores', found.scores], ['class_ids', found.classIds]]),
    names: taps,
    metadata: describe(config, { form: 'end-to-end', ...limits })
  })
}

/**
 * The parameters that a model uses, under the checkpoint's names, as safetensors. `folded` in its metadata says whether batch norms are
 * part of the convolutions before them.
 * @throws NetworkError if the state dict does not fit
 */
export function exportParameters (config: ModelConfig, stateDict: StateDict): Uint8Array {
  const { params } = buildOnImage(config, weightsOf(stateDict))
  const used = new Map([...params.keys()].map(name => [name, stateDict.parameters.get(name)!]))
  return writeSafetensors(used, describe(config, { folded: stateDict.folded }))
}

/** Metadata that shapes can't express. Strings are stored unchanged, other values as JSON. */
export function describe (config: ModelConfig, more: Readonly<Record<string, unknown>>): Record<string, string> {
  const { head: { strides, regMax, offset }, normalization: { channelOrder, mean, std } } = config
  const facts = {
    producer: 'nanodet-server',
    model: config.name,
    input: config.input,
    labels: config.labels,
    strides,
    reg_max: regMax,
    offset,
    resize_mode: config.resizeMode,
    normalization: { channel_order: channelOrder, mean, std },
    ...more
  }
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]))
}
