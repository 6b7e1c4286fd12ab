/** The loader's program: finds, reads, parses, checks and compiles models, so that neither requests nor health checks wait for that. */
import { serialize } from 'node:v8'
import { builtInArtifacts, precisionOf, type Artifact } from '../../models/artifact.ts'
import { ModelsDir } from '../../models/files/models-dir.ts'
import { describeModel, readModel, summaryOf } from '../../models/kinds/kinds.ts'
import type { Model } from '../../models/model.ts'
import type { ModelSummary } from '../../models/summary.ts'
import { groupBy } from '../../nn/group-by.ts'
import { layersOf } from '../models/layers-of.ts'
import type { LoadedInfo, ModelInfo } from '../models/model-info.ts'
import type { Origin, Places } from '../models/origin.ts'
import type { Chunks } from '../results.ts'
import { CATALOG, TASK_NAMES, type TaskName } from '../tasks/catalog.ts'
import type { Task, TaskOutput } from '../tasks/task.ts'
import { answerParent } from './child.ts'
import { inChunks } from '../chunks.ts'

/** How many pieces of a body are these tasks', which need the same of a model. */
export interface Part { readonly tasks: readonly TaskName[], readonly chunks: number }

export interface ReadModel { readonly info: LoadedInfo, readonly parts: readonly Part[], readonly body: Chunks }

const calls = {
  /** The models of some places, in order; of two with one name the latter counts. @throws ModelFileError where a folder can't be read */
  async list ({ builtIn, directory, precision }: Places): Promise<Record<string, Origin>> {
    const own = builtIn ? builtInArtifacts(precision).map(({ name }) => [name, { builtIn: name, precision }] as const) : []
    const found = directory === undefined ? [] : await new ModelsDir(directory, precision).names()
    return Object.fromEntries([...own, ...found.map(name => [name, { directory: directory!, name, precision }] as const)])
  },

  /** What a model's files say of it. @throws ModelFileError */
  async describe (origin: Origin): Promise<ModelInfo> { return await infoOf(await find(origin)) },

  /** Reads a model, and prepares it for every task that it supports. @throws ModelFileError */
  async read (origin: Origin): Promise<ReadModel> {
    const artifact = await find(origin)
    const model = await readModel(artifact)
    const info = await infoOf(artifact)
    const prepared = await prepare(info.tasks, model)
    const parts = prepared.map(({ tasks, body }) => ({ tasks, chunks: body.length }))
    return { info: { ...info, layers: await layersOf(model) }, parts, body: prepared.flatMap(({ body }) => body) }
  },

  /** What a model's layers cost; undefined where they are not ours. @throws ModelFileError */
  async summarize (origin: Origin): Promise<ModelSummary | undefined> { return summaryOf(await find(origin)) }
}

export type LoaderCalls = typeof calls

async function find (origin: Origin): Promise<Artifact> {
  if ('artifact' in origin) return origin.artifact
  if ('directory' in origin) return await new ModelsDir(origin.directory, origin.precision).find(origin.name)
  return builtInArtifacts(origin.precision).find(({ name }) => name === origin.builtIn)!
}

async function infoOf (artifact: Artifact): Promise<ModelInfo> {
  const description = describeModel(artifact)
  const supported = await Promise.all(TASK_NAMES.map(async name => (await CATALOG[name].load()).supports(description)))
  return {
    ...description,
    tasks: TASK_NAMES.filter((_, i) => supported[i]),
    precision: precisionOf(artifact),
    ...(artifact.ignored && { ignoredKeys: artifact.ignored })
  }
}

/** Tasks with one `prepare` share what it makes. */
async function prepare (names: readonly TaskName[], model: Model): Promise<Array<{ tasks: TaskName[], body: Chunks }>> {
  const tasks = await Promise.all(names.map(name => CATALOG[name].load())) as Array<Task<unknown, unknown, unknown, TaskOutput>>
  const sharing = groupBy(tasks, task => task.prepare)
  return await Promise.all([...sharing].map(async ([prepare, tasks]) =>
    ({ tasks: tasks.map(({ name }) => name as TaskName), body: inChunks(serialize(await prepare(model))) })))
}

answerParent(calls)
