/** A worker thread: holds every loaded model, and does one job after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import type { DetectorModel, Model } from '../../models/model.ts'
import type { Artifact } from '../../models/artifact.ts'
import { readModel } from '../../models/kinds/kinds.ts'
import { ClassifyPipeline } from '../tasks/classify.ts'
import { FeaturesError, ImageError } from '../errors.ts'
import { graphLayers } from '../models/graph-layers.ts'
import { Inspector } from '../tasks/inspect.ts'
import { Pipeline } from '../tasks/detect.ts'
import type { Failure, ImageJob, Job, LoadJob, Reply, Request, Results } from './protocol.ts'

/** A model in this worker: what it was made of, and what has been built of it. */
interface InWorker { readonly model: Model, pipeline?: Pipeline, inspector?: Inspector, classify?: ClassifyPipeline }

const { threads } = workerData as { threads: number }
const models = new Map<string, InWorker>()

async function read (source: Artifact): Promise<Model> {
  const model = await readModel(source)
  return model.kind === 'opaque' ? { ...model, layers: await graphLayers(model.onnx, model.config) } : model
}

async function load ({ id, model, warm }: LoadJob): Promise<null> {
  const loaded: InWorker = { model }
  if (warm) await (model.kind === 'classifier' ? classifierOf(loaded) : pipelineOf(loaded))
  models.set(id, loaded)
  return null
}

async function unload (id: string): Promise<null> {
  const loaded = models.get(id)
  models.delete(id)
  await Promise.all([loaded?.pipeline?.release(), loaded?.inspector?.release(), loaded?.classify?.release()])
  return null
}

async function pipelineOf (loaded: InWorker): Promise<Pipeline> {
  loaded.pipeline ??= await Pipeline.load(detectorIn(loaded), threads)
  return loaded.pipeline
}

function inspectorOf (loaded: InWorker): Inspector {
  loaded.inspector ??= new Inspector(detectorIn(loaded), threads)
  return loaded.inspector
}

async function classifierOf (loaded: InWorker): Promise<ClassifyPipeline> {
  if (loaded.model.kind !== 'classifier') throw new Error(`the model ${loaded.model.config.name} is no classifier`)
  loaded.classify ??= await ClassifyPipeline.load(loaded.model, threads)
  return loaded.classify
}

function detectorIn ({ model }: InWorker): DetectorModel {
  if (model.kind === 'classifier') throw new Error(`the model ${model.config.name} is no detector`)
  return model
}

async function perform (job: Job): Promise<Results[Job['type']]> {
  switch (job.type) {
    case 'read': return await read(job.source)
    case 'load': return await load(job)
    case 'unload': return await unload(job.id)
    case 'detect': return await (await pipelineOf(modelOf(job))).detect(job, job.options)
    case 'classify': return await (await classifierOf(modelOf(job))).classify(job, job.topK)
    case 'features': return await inspectorOf(modelOf(job)).inspect(job)
  }
}

function modelOf ({ model }: ImageJob): InWorker {
  const loaded = models.get(model)
  if (loaded) return loaded
  throw new Error(`the model ${model} is not loaded`)
}

async function answer ({ id, job }: Request): Promise<Reply> {
  try {
    return { id, result: await perform(job) }
  } catch (error) {
    return { id, failure: describe(error) }
  }
}

/** Errors lose their class between threads, so what matters of them is sent. */
function describe (error: unknown): Failure {
  if (error instanceof ImageError) return { kind: 'image', problem: error.problem, cause: String(error.cause) }
  if (error instanceof FeaturesError) return { kind: 'features', message: error.message }
  return { kind: 'worker', message: error instanceof Error ? error.message : String(error) }
}

/** Large buffers move to the other thread instead of being copied. */
const moved = (reply: Reply): ArrayBuffer[] =>
  'result' in reply && reply.result && 'body' in reply.result ? [reply.result.body.buffer as ArrayBuffer] : []

let last: Promise<void> = Promise.resolve()

parentPort!.on('message', (request: Request) => {
  last = last.then(async () => { // in order: a model is loaded before it is asked for
    const reply = await answer(request)
    try {
      parentPort!.postMessage(reply, moved(reply))
    } catch (error) {
      parentPort!.postMessage({ id: request.id, failure: describe(error) } satisfies Reply)
    }
  })
})
