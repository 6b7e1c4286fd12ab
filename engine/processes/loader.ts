/** The loader's program: finds, reads, parses, checks and compiles models, so that neither requests nor health checks wait for it. */
import { builtInArtifacts, type Artifact } from '../../models/artifact.ts'
import type { IgnoredFile } from '../../models/files/model-files.ts'
import { ModelsDir } from '../../models/files/models-dir.ts'
import { summaryOf } from '../../models/kinds/kinds.ts'
import type { ModelSummary } from '../../models/summary.ts'
import { builtInOrigins } from '../models/built-in.ts'
import type { ReadModel } from '../models/loaded.ts'
import type { ModelInfo } from '../models/model-info.ts'
import type { Origin, Places } from '../models/origin.ts'
import type { PrepareOptions } from '../tasks/task.ts'
import { infoOf, prepareModel } from '../models/prepare.ts'
import { answerParent } from './child.ts'

/** The models of some places, in order, and the files that belong to none. */
export interface Listed { readonly models: Readonly<Record<string, Origin>>, readonly ignored: readonly IgnoredFile[] }

const options: PrepareOptions = JSON.parse(process.argv[2]!)
const NOTHING = { names: [], ignored: [] }

const calls = {
  /** Lists models. Of two with one name, the later one replaces the earlier. @throws ModelFileError if a folder can't be read */
  async list ({ builtIn, directory, precision }: Places): Promise<Listed> {
    const { names, ignored } = directory === undefined ? NOTHING : await new ModelsDir(directory, precision).list()
    const found = names.map(name => [name, { directory: directory!, name, precision }] as const)
    return { models: { ...(builtIn && builtInOrigins(precision)), ...Object.fromEntries(found) }, ignored }
  },

  /** Describes a model without reading its weights. @throws ModelFileError */
  async describe (origin: Origin): Promise<ModelInfo> { return await infoOf(await find(origin)) },

  /** Reads a model and prepares it for each task that it supports. @throws ModelFileError */
  async read (origin: Origin): Promise<ReadModel> { return await prepareModel(await find(origin), options) },

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

answerParent(calls)
