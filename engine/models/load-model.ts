import type { Model } from '../../models/model.ts'
import type { Artifact } from '../../models/artifact.ts'
import { Classifier } from '../classifier.ts'
import { Detector } from '../detector.ts'
import type { Pools } from './loaded.ts'

export type LoadedModel = Detector | Classifier

/**
 * Makes a model ready in all workers.
 * @param id what the workers shall know it by
 * @throws WorkerError when the weights do not fit the model
 */
export async function loadModel (id: string, source: Artifact, model: Model, pools: Pools): Promise<LoadedModel> {
  const job = { type: 'load', id, model } as const
  await pools.detect.load({ ...job, warm: true }) // where that fails, nobody has to forget it
  await pools.inspect.load({ ...job, warm: false })
  return model.kind === 'classifier' ? new Classifier(id, source, model.config, pools) : new Detector(id, source, model, pools)
}
