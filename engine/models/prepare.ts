/** Models as the loader reads, describes and compiles them. Loads onnxruntime for graphs of ONNX files. */
import { serialize } from 'node:v8'
import { notesOn, precisionOf, precisionsOf, type Artifact } from '../../models/artifact.ts'
import { describeModel, readModel } from '../../models/kinds/kinds.ts'
import type { Model } from '../../models/model.ts'
import { groupBy } from '../../nn/group-by.ts'
import { inChunks } from '../chunks.ts'
import type { Chunks } from '../results.ts'
import { CATALOG, TASK_NAMES, type TaskName } from '../tasks/catalog.ts'
import type { PrepareOptions, Task, TaskOutput } from '../tasks/task.ts'
import { layersOf } from './layers-of.ts'
import type { ReadModel } from './loaded.ts'
import type { ModelInfo } from './model-info.ts'

/** Describes a model without reading its weights. */
export async function infoOf (artifact: Artifact): Promise<ModelInfo> {
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

/** Reads a model and prepares it for each task that it supports. @throws ModelFileError */
export async function prepareModel (artifact: Artifact, options: PrepareOptions = {}): Promise<ReadModel> {
  const model = await readModel(artifact)
  const info = await infoOf(artifact)
  const prepared = await prepare(info.tasks, model, options)
  const parts = prepared.map(({ tasks, body }) => ({ tasks, chunks: body.length }))
  const read = { ...info, precisions: precisionsOf(model), layers: await layersOf(model) }
  return { info: read, parts, body: prepared.flatMap(({ body }) => body) }
}

/** Tasks with the same `prepare` share its result. */
async function prepare (
  names: readonly TaskName[], model: Model, options: PrepareOptions
): Promise<Array<{ tasks: TaskName[], body: Chunks }>> {
  const tasks = await Promise.all(names.map(name => CATALOG[name].load())) as Array<Task<unknown, unknown, unknown, TaskOutput>>
  const sharing = groupBy(tasks, task => task.prepare)
  return await Promise.all([...sharing].map(async ([prepare, tasks]) =>
    ({ tasks: tasks.map(({ name }) => name as TaskName), body: inChunks(serialize(await prepare(model, options))) })))
}
