/** Small models with seeded weights, and files of them, for tests to put into folders. */
import { buildClassifierOnImage } from '../../models/classifier.ts'
import { writeSafetensors } from '../../models/checkpoints/safetensors.ts'
import { zeros, type StateDict } from '../../models/checkpoints/state-dict.ts'
import type { ClassifierConfig, ModelConfig, OpaqueConfig } from '../../models/config.ts'
import type { ClassifierModel, NetworkModel } from '../../models/model.ts'
import { buildOnImage } from '../../models/network.ts'
import { IMAGENET_RGB } from '../../models/normalize.ts'
import { guessOpaque } from '../../models/opaque/guess.ts'
import { REGISTRY } from '../../models/registry.ts'
import { seededStateDict } from './seeded.ts'
import { zipFile, type TorchTensor } from './torch-file.ts'

/** A detector of three classes on a small input. */
export const SMALL: ModelConfig = {
  ...REGISTRY.get('nanodet-m-0.5x')!,
  name: 'small',
  input: { width: 96, height: 64 },
  labels: ['cat', 'dog', 'cow']
}
export const SMALL_CLASSIFIER: ClassifierConfig = {
  name: 'kinds',
  backbone: { name: 'shufflenetv2', width: '0.5x' },
  input: { width: 64, height: 64 },
  normalization: IMAGENET_RGB,
  labels: ['cat', 'dog', 'cow']
}
/** The file that describes it. */
export const CLASSIFIER_JSON = JSON.stringify({
  task: 'classify', backbone: SMALL_CLASSIFIER.backbone, input: SMALL_CLASSIFIER.input, labels: SMALL_CLASSIFIER.labels
})

export const seededModel = (config: ModelConfig): NetworkModel =>
  ({ kind: 'detector', config, stateDict: seededStateDict(buildOnImage(config, zeros(false)).params) })

export const seededClassifier = (config: ClassifierConfig): ClassifierModel =>
  ({ kind: 'classifier', config, stateDict: seededStateDict(buildClassifierOnImage(config, zeros(false)).params) })

/** A state dict as PyTorch writes it. */
export const torchFile = ({ parameters }: StateDict): Buffer => zipFile(Object.fromEntries(parameters) as Record<string, TorchTensor>)

export const safetensorsFile = ({ parameters, folded }: StateDict): Buffer =>
  Buffer.from(writeSafetensors(parameters, { folded: String(folded) }))

/** The config of a detector's ONNX file without a description. */
export function detectorConfig (onnx: Uint8Array, name = 'graph'): OpaqueConfig {
  const guess = guessOpaque(onnx, name)
  if (guess.kind !== 'opaque') throw new Error(`${name} is not a detector`)
  return guess.config
}
