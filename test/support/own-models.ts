/** A folder of models as a user has them: a NanoDet config with its checkpoint, a classifier, an ONNX graph alone. */
import type { Test } from 'tap'
import { weightsOf } from '../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../models/export.ts'
import { photo } from './files.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER, torchFile } from './model-files.ts'
import { upstreamYaml } from './upstream-yaml.ts'

/** `small` has three classes; `nanodet` is its `--model` with a photo that it finds objects in. */
export function ownModels (t: Test, more: Record<string, string | Buffer> = {}) {
  const { stateDict } = seededModel(SMALL)
  const folder = t.testdir({
    'small.yml': upstreamYaml(SMALL),
    'small.ckpt': torchFile(stateDict),
    'kinds.json': CLASSIFIER_JSON,
    'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict),
    'graph.onnx': Buffer.from(exportRaw(SMALL, weightsOf(stateDict))),
    photos: { 'me.jpg': photo('sample-me.jpg') },
    ...more
  })
  return { folder, photo: `${folder}/photos/me.jpg`, photos: `${folder}/photos` }
}
