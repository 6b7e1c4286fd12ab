import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { printable } from '../../engine/printable.ts'
import { Engine } from '../../engine/engine.ts'
import type { ModelLoadError } from '../../engine/errors.ts'
import type { ModelInfo } from '../../engine/models/model-info.ts'
import { command } from '../command.ts'
import { OUTPUT_OPTIONS } from '../options.ts'
import { findCandidates, type Candidate } from '../pull/candidates.ts'
import { modelsFolder } from '../pull/models-folder.ts'
import { MODEL_OPTIONS, PRECISION_OPTION } from '../target.ts'

const SHOWN_LABELS = 5

/** A model that was checked, as --json prints it. */
interface Checked {
  readonly name: string
  readonly ok: boolean
  readonly problem?: string
  readonly file?: string
  /** Whether the checkpoint is the one that was pulled. */
  readonly locked?: boolean
  readonly info?: ModelInfo
}

/** Loads models as the server does, runs each, and prints what their files describe. */
export const modelsCheck = command({
  name: 'models check',
  summary: 'Check that models can be served',
  args: { usage: '[NAME|FILE|DIR]', schema: z.array(z.string()).max(1, 'Expected one model or one folder') },
  options: {
    weights: MODEL_OPTIONS.weights,
    modelsDir: MODEL_OPTIONS.modelsDir,
    ...PRECISION_OPTION,
    json: OUTPUT_OPTIONS.json
  },
  details: 'Loads each model with every parameter, runs the network, and compares pulled checkpoints with models.lock.json. ' +
    "Without an argument it checks the folder of models, or else the built-in model. --json prints one object per model. Exit code 1 if a model can't be served.",
  examples: ['nanodet models check /srv/models', 'nanodet models check my.yml', 'nanodet models check nanodet-t --weights nanodet_t.ckpt'],
  async run ({ options: { json, modelsDir, ...target }, args: [model] }, io) {
    const candidates = await findCandidates({ ...target, model, modelsDir: modelsFolder(modelsDir) })
    let exitCode = 0
    await withEngine(candidates, async engine => {
      for (const candidate of candidates) {
        const checked = await check(engine, candidate)
        if (!checked.ok) exitCode = 1
        io.stdout.write(json ? `${JSON.stringify(checked)}\n` : toText(checked))
      }
    })
    if (candidates.length === 0) io.stderr.write('The folder has no models\n')
    return exitCode
  }
})

async function withEngine (candidates: readonly Candidate[], use: (engine: Engine) => Promise<void>): Promise<void> {
  const artifacts = candidates.flatMap(({ artifact }) => artifact ?? [])
  const engine = new Engine({ workers: 1, threads: availableParallelism(), artifacts, maxLoaded: 1 })
  try {
    await use(engine)
  } finally {
    await engine.close()
  }
}

/** Loading builds the network in a worker process, which runs it to warm up. */
async function check (engine: Engine, { name, artifact, problem, isLocked }: Candidate): Promise<Checked> {
  if (!artifact) return { name, ok: false, problem: problem! }
  const known = { name, file: artifact.checkpoint, ...(isLocked !== undefined && { locked: isLocked }) }
  if (problem !== undefined) return { ...known, ok: false, problem }
  try {
    const { info } = await engine.load(name)
    return { ...known, ok: true, info: withoutLayers(info!) }
  } catch (error) {
    return { ...known, ok: false, problem: (error as ModelLoadError).reason }
  }
}

/** There are hundreds. */
function withoutLayers (info: ModelInfo & { readonly layers?: unknown }): ModelInfo {
  const { layers, ...rest } = info
  return rest
}

function toText ({ name, ok, problem, file, locked, info }: Checked): string {
  const rows: [string, unknown][] = [
    ...Object.entries({ problem, file: info && file, ...(info && rowsOf(info)), lock: locked && 'the file that was pulled' }),
    ...(info?.notes ?? []).map(note => ['note', note] as [string, string])
  ]
  const lines = rows.filter(([, value]) => value !== undefined).map(([key, value]) => `  ${key.padEnd(12)}${printable(String(value))}\n`)
  return `${printable(name)}: ${ok ? 'ok' : "can't be served"}\n${lines.join('')}`
}

function rowsOf ({ task, input, resizeMode, labels, backbone, neck, head, parameters, precision, ignoredKeys }: ModelInfo) {
  return {
    task: `${task}, ${precision}`,
    input: [`${input.width}×${input.height}`, resizeMode].filter(Boolean).join(', '),
    network: [backbone, neck, head, parameters && `${parameters.toLocaleString('en-US')} parameters`].filter(Boolean).join(', ') || undefined,
    classes: `${labels.length}: ${labels.slice(0, SHOWN_LABELS).join(', ')}${labels.length > SHOWN_LABELS ? ', …' : ''}`,
    'not used': ignoredKeys?.join(', ') || undefined
  }
}
