/** A worker thread: holds every loaded model, and does one job after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { FeaturesError, ImageError } from './errors.ts'
import { Inspector } from './inspector.ts'
import { Pipeline } from './pipeline.ts'
import type { Failure, Job, LoadJob, Reply, Request, Results } from './protocol.ts'

interface Model { readonly spec: LoadJob, pipeline?: Pipeline, inspector?: Inspector }

const { threads } = workerData as { threads: number }
const models = new Map<string, Model>()

async function load (spec: LoadJob): Promise<null> {
  const model: Model = { spec }
  if (spec.warm) await pipelineOf(model)
  models.set(spec.config.name, model)
  return null
}

async function pipelineOf (model: Model): Promise<Pipeline> {
  model.pipeline ??= await Pipeline.load(model.spec.config, model.spec.stateDict, threads)
  return model.pipeline
}

function inspectorOf (model: Model): Inspector {
  model.inspector ??= new Inspector(model.spec.config, model.spec.stateDict, threads)
  return model.inspector
}

async function perform (job: Job): Promise<Results[Job['type']]> {
  if (job.type === 'load') return load(job)
  const model = models.get(job.model)
  if (!model) throw new Error(`the model ${job.model} is not loaded`)
  return job.type === 'detect' ? (await pipelineOf(model)).detect(job, job.options) : inspectorOf(model).inspect(job)
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
