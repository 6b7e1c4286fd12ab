import type { Engine } from '../../../engine/engine.ts'
import type { Deployment } from '../../../engine/models/deployment.ts'
import { checkModel } from '../../acquire.ts'
import { detectors } from '../detectors.ts'

/** Versions of `coco` that are aliases: the SDK sends `coco/3` for yolov8n-640. */
const COCO_VERSIONS = 99
const COCO = /^coco\/\d{1,2}$/
const VERSION = /\/\d{1,9}$/

/**
 * Resolves a Roboflow model id: our model by name, with or without a version; the default for `coco/3` and
 * similar aliases.
 */
export const modelOf = (id: string | undefined): string | undefined =>
  id === undefined || COCO.test(id) ? undefined : id.replace(VERSION, '')

/** All ids: the client checks that its model is listed. @throws ApiError NOT_READY */
export function registry (engine: Engine) {
  checkModel(engine, undefined, 'detect')
  const standard = engine.find(undefined, 'detect')
  const coco = Array.from({ length: COCO_VERSIONS }, (_, i) => describe(`coco/${i + 1}`, standard))
  const own = detectors(engine).flatMap(model => [describe(model.name, model), describe(`${model.name}/1`, model)])
  return { models: [...own, ...coco] }
}

function describe (id: string, { info }: Deployment) {
  const size = { input_height: info?.input.height, input_width: info?.input.width }
  return { model_id: id, task_type: 'object-detection', batch_size: 1, ...size }
}
