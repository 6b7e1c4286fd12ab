/** The loader's program: finds, reads, parses, checks and compiles models, so that neither requests nor health checks wait for it. */
import { serialize } from 'node:v8'
import { builtInArtifacts, notesOn, precisionOf, precisionsOf, type Artifact } from '../../models/artifact.ts'
import type { IgnoredFile } from '../../models/files/model-files.ts'
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
import type { PrepareOptions, Task, TaskOutput } from '../tasks/task.ts'
import { answerParent } from './child.ts'
import { inChunks } from '../chunks.ts'

/** Tasks that share what they need of a model, and its number of chunks. */
export interface Part { readonly tasks: readonly TaskName[], readonly chunks: number }

export interface ReadModel { readonly info: LoadedInfo, readonly parts: readonly Part[], readonly body: Chunks }

/** The models of some places, in order, and the files that belong to none. */
export interface Listed { readonly models: Readonly<Record<string, Origin>>, readonly ignored: readonly IgnoredFile[] }

const options: PrepareOptions = JSON.parse(process.argv[2]!)
const NOTHING = { names: [], ignored: [] }

const calls = {
  /** Lists models. Of two with one name, the later one replaces the earlier. @throws ModelFileError if a folder can't be read */
  async list ({ builtIn, directory, precision }: Places): Promise<Listed> {
    const own = builtIn ? builtInArtifacts(precision).map(({ name }) => [name, { builtIn: name, precision }] as const) : []
    const { names, ignored } = directory === undefined ? NOTHING : await new ModelsDir(directory, precision).list()
    const found = names.map(name => [name, { directory: directory!, name, precision }] as const)
    return { models: Object.fromEntries([...own, ...found]), ignored }
  },

  /** Describes a model without reading its weights. @throws ModelFileError */
  async describe (origin: Origin): Promise<ModelInfo> { return await infoOf(await find(origin)) },

  /** Reads a model and prepares it for each task that it supports. @throws ModelFileError */
  async read (origin: Origin): Promise<ReadModel> {
    const artifact = await find(origin)
    const model = await readModel(artifact)
    const info = await infoOf(artifact)
    const prepared = await prepare(info.tasks, model)
    const parts = prepared.map(({ tasks, body }) => ({ tasks, chunks: body.length }))
    const read = { ...info, precisions: precisionsOf(model), layers: await layersOf(model) }
    return { info: read, parts, body: prepared.flatMap(({ body }) => body) }
  },

  /** The execution providers that this installation of onnxruntime has. */
  async providers (): Promise<string[]> { return (await import('../session.ts')).offeredProviders() },

  /** The cost of a model's layers; undefined for graphs of ONNX files. @throws ModelFileError */
  async summarize (origin: Origin): Promise<ModelSummary | undefined> { return summaryOf(await find(origin)) }
}

export type LoaderCalls = typeof calls

async function find (origin: Origin): Promise<Artifact> {
  if ('artifact' in origin) return origin.artifact
  if ('directory' in origin) return await new ModelsDir(origin.directory, origin.precision).find(origin.name)
  return builtInArtifacts(origin.precision).find(({ name }) => name === origin.builtIn)!
}

async function infoOf (artifact: Artifact): Promise<ModelInfo> {
  const notes = notesOn(artifact)
  const description = describeModel(artifact)
  const supported = await Promise.all(TASK_NAMES.map(async name => (await CATALOG[name].load()).supports(description)))
  return {
    ...description,
    tasks: TASK_NAMES.filter((_, i) => supported[i]),
    precision: precisionOf(artifact),
    precisions: precisionsOf(artifact),
    ...(artifact.ignored && { ignoredKeys: artifact.ignored }),
    ...(notes.length > 0 && { notes })
  }
}

/** Tasks with the same `prepare` share its result. */
async function prepare (names: readonly TaskName[], model: Model): Promise<Array<{ tasks: TaskName[], body: Chunks }>> {
  const tasks = await Promise.all(names.map(name => CATALOG[name].load())) as Array<Task<unknown, unknown, unknown, TaskOutput>>
  const sharing = groupBy(tasks, task => task.prepare)
  return await Promise.all([...sharing].map(async ([prepare, tasks]) =>
    ({ tasks: tasks.map(({ name }) => name as TaskName), body: inChunks(serialize(await prepare(model, options))) })))
}

answerParent(calls)
