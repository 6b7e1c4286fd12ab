/** A worker thread: holds every loaded model, and does one job after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { readModel } from '../models/source.ts'
import { FeaturesError, ImageError } from './errors.ts'
import { Inspector } from './inspector.ts'
import { Pipeline } from './pipeline.ts'
import type { Failure, ImageJob, Job, LoadJob, Reply, Request, Results } from './protocol.ts'

/** A model as it was loaded, and what has been built of it. */
interface Loaded { readonly spec: LoadJob, pipeline?: Pipeline, inspector?: Inspector }

const { threads } = workerData as { threads: number }
const models = new Map<string, Loaded>()

async function load (spec: LoadJob): Promise<null> {
  const loaded: Loaded = { spec }
  if (spec.warm) await pipelineOf(loaded)
  models.set(spec.id, loaded)
  return null
}

async function unload (id: string): Promise<null> {
  const loaded = models.get(id)
  models.delete(id)
  await Promise.all([loaded?.pipeline?.release(), loaded?.inspector?.release()])
  return null
}

async function pipelineOf (loaded: Loaded): Promise<Pipeline> {
  loaded.pipeline ??= await Pipeline.load(loaded.spec.model, threads)
  return loaded.pipeline
}

function inspectorOf (loaded: Loaded): Inspector {
  loaded.inspector ??= new Inspector(loaded.spec.model, threads)
  return loaded.inspector
}

async function perform (job: Job): Promise<Results[Job['type']]> {
  switch (job.type) {
    case 'read': return await readModel(job.source)
    case 'load': return await load(job)
    case 'unload': return await unload(job.id)
    case 'detect': return await (await pipelineOf(modelOf(job))).detect(job, job.options)
    case 'features': return await inspectorOf(modelOf(job)).inspect(job)
  }
}

function modelOf ({ model }: ImageJob): Loaded {
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
