/** A worker's program: holds models, built for tasks, and does one job, or one batch of jobs, at a time. */
import { deserialize } from 'node:v8'
import { joined } from '../chunks.ts'
import { OverloadError } from '../errors.ts'
import '../image/decode.ts' // loads the native libraries before the first model arrives
import type { Chunks, Running } from '../results.ts'
import type { Place } from '../scheduler/turn.ts'
import '../session.ts'
import { CATALOG, type TaskName } from '../tasks/catalog.ts'
import { Batch } from '../tasks/batch.ts'
import type { BuildOptions, Task, TaskOutput } from '../tasks/task.ts'
import { answerParent } from './child.ts'

type AnyTask = Task<unknown, unknown, unknown, TaskOutput>
interface Built { readonly task: AnyTask, readonly built: unknown }
interface ModelTask { readonly model: string, readonly task: TaskName }

/** A job: the task, the model, until when (Date.now()) the client waits, and the place in a batch. */
export interface Job extends ModelTask { readonly input: unknown, readonly deadline: number, readonly place?: Place | undefined }

const ALONE: Place = { size: 1, place: 0 }

const options: BuildOptions = JSON.parse(process.argv[2]!)
/** The batch that is being done. */
let batch = new Batch(1)
const models = new Map<string, Map<TaskName, Built>>()

const calls = {
  /** Builds a model for a task from the output of the task's `prepare`. Tasks with the same `build` share the result. */
  async load ({ model, task: name }: ModelTask, body: Chunks): Promise<Running | null> {
    const task = await CATALOG[name].load() as AnyTask
    const tasks = models.get(model) ?? new Map<TaskName, Built>()
    const twin = [...tasks.values()].find(other => other.task.build === task.build)
    const built = twin ? twin.built : await task.build(deserialize(joined(body)), options)
    models.set(model, tasks.set(name, { task, built }))
    return task.running?.(built) ?? null
  },

  async unload ({ model }: { model: string }): Promise<null> {
    const byBuilt = new Map([...models.get(model)?.values() ?? []].map(({ task, built }) => [built, task]))
    models.delete(model)
    await Promise.all([...byBuilt].map(([built, task]) => task.release(built)))
    return null
  },

  /** Runs a job. The bytes of its input are the body. @throws what the task's `run` throws */
  async run ({ model, task: name, input, deadline, place: { place, size } = ALONE }: Job, body: Chunks): Promise<TaskOutput> {
    if (place === 0) batch = new Batch(size)
    return await batch.join(async run => {
      const found = models.get(model)?.get(name)
      if (!found) throw new Error(`the model ${model} is not loaded for ${name}`)
      if (Date.now() > deadline) throw new OverloadError('deadline', 1)
      return await found.task.run(found.built, { ...input as object, bytes: joined(body) }, run)
    })
  }
}

export type WorkerCalls = typeof calls

answerParent(calls, args => ((args as Partial<Job>).place?.place ?? 0) > 0)
