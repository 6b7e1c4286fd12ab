import { fromOnnx, type ImportedGraph } from '../../nn/onnx/from-onnx.ts'
import { ModelFileError } from '../errors.ts'
import { guessClassifier, type ClassifierGuess } from './guess-classifier.ts'
import { guessDetector, type DetectorGuess } from './guess-detector.ts'
import { inWords } from './outputs.ts'

export type Guess = DetectorGuess | ClassifierGuess

/**
 * Describes an ONNX file without a description, by the shapes of its input and outputs: a NanoDet, or else a classifier.
 * @throws OnnxError if the file can't be read; ModelFileError if it follows no known convention
 */
export function guessOpaque (bytes: Uint8Array, name: string): Guess {
  const graph = fromOnnx(bytes)
  const size = inputSize(graph, name)
  const guess = guessDetector(graph, name, size) ?? guessClassifier(graph, name, size)
  if (guess) return guess
  throw new ModelFileError(name, `the graph's outputs are ${inWords(graph.outputs.values())}, which are neither NanoDet's for ` +
    `${size.width}×${size.height} nor a classifier's. If it is a NanoDet, put its config file beside it as ${name}.yml; ` +
    `otherwise describe the graph in ${name}.json (docs/bring-your-own-model.md)`)
}

function inputSize ({ inputs }: ImportedGraph, name: string): { width: number, height: number } {
  const [batch, channels, height, width, ...more] = [...inputs.values()][0]?.shape ?? []
  const isImage = inputs.size === 1 && more.length === 0 && (batch === 1 || typeof batch === 'string') && channels === 3
  if (isImage && typeof height === 'number' && typeof width === 'number' && height > 0 && width > 0) return { width, height }
  throw new ModelFileError(name, `the graph takes ${inWords(inputs.values())}; expected one image [1, 3, H, W] of fixed height and width`)
}
