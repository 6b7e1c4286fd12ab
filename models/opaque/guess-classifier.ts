import type { Size } from '../../head/decode/boxes.ts'
import type { ImportedGraph } from '../../nn/onnx/from-onnx.ts'
import type { Tensor } from '../../nn/tensor.ts'
import type { OpaqueClassifierConfig } from '../config.ts'
import { MAX_CLASSES, numberedLabels } from '../labels.ts'
import { IMAGENET_RGB } from '../normalize.ts'
import { classesOf } from './classifier.ts'

/** Operators that end a classifier with probabilities, and those that may follow them without changing values. */
const PROBABILITIES = ['Softmax', 'Sigmoid', 'HardSigmoid']
const TRANSPARENT = ['Cast', 'Flatten', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze']

/** A config that follows from conventions of ImageNet classifiers, and what was guessed for it, in sentences. */
export interface ClassifierGuess {
  readonly kind: 'opaque-classifier'
  readonly config: OpaqueClassifierConfig
  readonly notes: string[]
}

/** A graph with one output `[1, classes]`. @returns undefined if it has others */
export function guessClassifier ({ outputs }: ImportedGraph, name: string, input: Size): ClassifierGuess | undefined {
  const [scores, ...others] = outputs.values()
  const classes = scores && classesOf(scores)
  if (!classes || classes < 2 || classes > MAX_CLASSES || others.length > 0) return undefined
  const config: OpaqueClassifierConfig = {
    name,
    opaque: true,
    input,
    normalization: IMAGENET_RGB,
    scores: PROBABILITIES.includes(lastOperator(scores) ?? '') ? 'probabilities' : 'logits',
    labels: numberedLabels(classes)
  }
  return { kind: 'opaque-classifier', config, notes: notesOn(config) }
}

/** The operator that computed a value. */
function lastOperator (x: Tensor): string | undefined {
  for (let { source } = x; source.kind === 'node';) {
    const { op, inputs } = source.node
    if (!TRANSPARENT.includes(op) || !inputs[0]) return op
    source = inputs[0].source
  }
  return undefined
}

const notesOn = ({ labels, scores }: OpaqueClassifierConfig): string[] => [
  `Guessed from the shape of the output: a classifier of ${labels.length} classes, labeled ${labels[0]} to ${labels.at(-1)}.`,
  `Guessed from the last operator: scores are ${scores}.`,
  "Assumed: pixels are normalized with ImageNet's mean and std in RGB order."
]
