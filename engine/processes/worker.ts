/** A worker's program: holds models, built for tasks, and runs one job at a time. */
import { deserialize } from 'node:v8'
import { joined } from '../chunks.ts'
import { OverloadError } from '../errors.ts'
import '../image/decode.ts' // loads the native libraries before the first model arrives
import type { Chunks } from '../results.ts'
import '../session.ts'
import { CATALOG, type TaskName } from '../tasks/catalog.ts'
import type { Task, TaskOutput } from '../tasks/task.ts'
import { answerParent } from './child.ts'

type AnyTask = Task<unknown, unknown, unknown, TaskOutput>
interface Built { readonly task: AnyTask, readonly built: unknown }
interface Place { readonly model: string, readonly task: TaskName }

/** A job: the task, the model, and until when (Date.now()) the client waits. */
export interface Job extends Place { readonly input: unknown, readonly deadline: number }

const threads = Number(process.argv[2] ?? 1)
const models = new Map<string, Map<TaskName, Built>>()

const calls = {
  /** Builds a model for a task from the output of the task's `prepare`. Tasks with the same `build` share the result. */
  async load ({ model, task: name }: Place, body: Chunks): Promise<null> {
    const task = await CATALOG[name].load() as AnyTask
    const tasks = models.get(model) ?? new Map<TaskName, Built>()
    const twin = [...tasks.values()].find(other => other.task.build === task.build)
    const built = twin ? twin.built : await task.build(deserialize(joined(body)), { threads })
    models.set(model, tasks.set(name, { task, built }))
    return null
  },

  async unload ({ model }: { model: string }): Promise<null> {
    const byBuilt = new Map([...models.get(model)?.values() ?? []].map(({ task, built }) => [built, task]))
    models.delete(model)
    await Promise.all([...byBuilt].map(([built, task]) => task.release(built)))
    return null
  },

  /** Runs a job. The bytes of its input are the body. @throws what the task's `run` throws */
  async run ({ model, task: name, input, deadline }: Job, body: Chunks): Promise<TaskOutput> {
    const found = models.get(model)?.get(name)
    if (!found) throw new Error(`the model ${model} is not loaded for ${name}`)
    if (Date.now() > deadline) throw new OverloadError('deadline', 1)
    return await found.task.run(found.built, { ...input as object, bytes: joined(body) })
  }
}

export type WorkerCalls = typeof calls

answerParent(calls)
