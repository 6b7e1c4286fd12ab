/** A worker thread: holds a pipeline of every loaded model, and does one job after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { ImageError } from './errors.ts'
import { Pipeline } from './pipeline.ts'
import type { Failure, Job, LoadJob, Reply, Request, Results } from './protocol.ts'

const { threads } = workerData as { threads: number }
const pipelines = new Map<string, Pipeline>()

async function load (job: LoadJob): Promise<null> {
  pipelines.set(job.config.name, await Pipeline.load(job, threads))
  return null
}

const perform = (job: Job): Promise<Results[Job['type']]> =>
  job.type === 'load' ? load(job) : pipelines.get(job.model)!.detect(job)

async function answer ({ id, job }: Request): Promise<Reply> {
  try {
    return { id, result: await perform(job) }
  } catch (error) {
    return { id, failure: describe(error) }
  }
}

/** Errors lose their class between threads, so what matters of them is sent. */
function describe (error: unknown): Failure {
  if (error instanceof ImageError) return { problem: error.problem, cause: String(error.cause) }
  return { message: error instanceof Error ? error.message : String(error) }
}

let last: Promise<void> = Promise.resolve()

parentPort!.on('message', (request: Request) => {
  last = last.then(async () => parentPort!.postMessage(await answer(request))) // in order: a model is loaded before it is asked for
})
