import type { ConfigOfKind } from '../../models/config.ts'
import { printable } from '../../engine/printable.ts'
import type { ModelFileError } from '../../models/errors.ts'
import { ModelsDir } from '../../models/files/models-dir.ts'
import { describeModel } from '../../models/kinds/kinds.ts'
import { CHECKPOINTS_LICENSE, PUBLISHED_CHECKPOINTS } from '../../models/published-checkpoints.ts'
import { REGISTRY } from '../../models/registry.ts'
import { command } from '../command.ts'
import { CommandError } from '../errors.ts'
import { flag } from '../options.ts'
import { FOLDER_OPTION, modelsFolder } from '../pull/models-folder.ts'
import { readModelsLock } from '../pull/models-lock.ts'
import { textTable } from '../text-table.ts'

const COLUMNS = { name: 'left', input: 'left', parameters: 'right', AP: 'right', weights: 'left', license: 'left' } as const
const UNKNOWN = '–'

/** Where a model's weights are. */
type Weights = 'built in' | 'pulled' | 'in the folder' | 'available' | 'not published'

/** A row of the list, as --json prints it. */
interface Listed {
  readonly name: string
  readonly task?: string
  readonly input?: { readonly width: number, readonly height: number }
  readonly parameters?: number
  /** AP on COCO val2017 that the authors report, from 0 to 1. */
  readonly ap?: number
  readonly weights: Weights
  readonly license?: string
  /** Why the model can't be used. */
  readonly problem?: string
}

/** Lists the registry's models and those of a folder. */
export const modelsList = command({
  name: 'models list',
  summary: 'List the models and where their weights are',
  options: { ...FOLDER_OPTION, json: flag('Print JSON instead of text') },
  details: 'Weights are "built in", "pulled" into the folder of models, or "in the folder" if you put them there; ' +
    '"available" models can be downloaded with nanodet models pull. AP is what the authors report on COCO val2017, in percent.',
  examples: ['nanodet models list --models-dir /srv/models'],
  async run ({ options }, io) {
    const models = await listModels(modelsFolder(options.modelsDir))
    io.stdout.write(options.json ? `${JSON.stringify({ models })}\n` : `${textTable(COLUMNS, models.map(rowOf))}\n${problemsOf(models)}`)
  }
})

async function listModels (dir: string | undefined): Promise<Listed[]> {
  const found = dir === undefined ? [] : await listFolder(dir)
  const names = new Set(found.map(({ name }) => name))
  const others = [...REGISTRY.values()].filter(({ name }) => !names.has(name))
  const listed = [...others.map(config => describe({ kind: 'detector', config }, weightsOf(config.name), true)), ...found]
  const order = [...REGISTRY.keys()]
  const place = ({ name }: Listed): number => order.includes(name) ? order.indexOf(name) : order.length
  return listed.sort((a, b) => place(a) - place(b))
}

function weightsOf (name: string): Weights {
  if (REGISTRY.get(name)?.weights) return 'built in'
  return PUBLISHED_CHECKPOINTS.has(name) ? 'available' : 'not published'
}

async function listFolder (dir: string): Promise<Listed[]> {
  const folder = new ModelsDir(dir)
  const lock = await readModelsLock(dir)
  const names = await folder.names().catch(error => { throw new CommandError(error.message, { cause: error }) })
  return await Promise.all(names.map(async name => {
    const weights = lock.has(name) ? 'pulled' : 'in the folder'
    const isAuthors = PUBLISHED_CHECKPOINTS.get(name)?.includes(lock.get(name)?.source ?? '') ?? false
    try {
      return describe(await folder.find(name), weights, isAuthors)
    } catch (error) {
      return { name, weights, problem: (error as ModelFileError).message }
    }
  }))
}

/** @param isAuthors whether the weights are those of NanoDet's authors */
function describe (model: ConfigOfKind, weights: Weights, isAuthors: boolean): Listed {
  const { name, task, input, parameters } = describeModel(model)
  return {
    name,
    task,
    input: { width: input.width, height: input.height },
    ...(parameters !== undefined && { parameters }),
    ...(isAuthors && { ap: REGISTRY.get(name)!.published!.ap, license: licenseOf(name, weights) }),
    weights
  }
}

const licenseOf = (name: string, weights: Weights): string =>
  weights === 'built in' ? REGISTRY.get(name)!.weights!.license : CHECKPOINTS_LICENSE

const rowOf = ({ name, input, parameters, ap, weights, license }: Listed): string[] => [
  name,
  input ? `${input.width}×${input.height}` : UNKNOWN,
  parameters?.toLocaleString('en-US') ?? UNKNOWN,
  ap === undefined ? UNKNOWN : (ap * 100).toFixed(1),
  weights,
  license ?? UNKNOWN
]

const problemsOf = (models: readonly Listed[]): string =>
  models.flatMap(({ problem }) => problem === undefined ? [] : [`${printable(problem)}\n`]).join('')
