import { join } from 'node:path'
import { z } from 'zod'
import type { ModelConfig } from '../../models/config.ts'
import { CHECKPOINTS_PAGE, PUBLISHED_CHECKPOINTS } from '../../models/published-checkpoints.ts'
import { REGISTRY } from '../../models/registry.ts'
import { command } from '../command.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import { flag, number, OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { reportErrors } from '../program.ts'
import { HttpClient } from '../pull/http-client.ts'
import { FOLDER_OPTION, requiredFolder } from '../pull/models-folder.ts'
import { PullProgress } from '../pull/progress.ts'
import { pullModel, type Pulled, type PullOptions } from '../pull/pull-model.ts'
import { sizeText } from '../pull/sizes.ts'
import { sourceUrl } from '../pull/sources.ts'
import { suggest } from '../suggest.ts'

const MB = 1e6
const DELAYS = { first: 500, longest: 10_000 }
/** By signal, as shells report it. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const
const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const SHOWN_DIGITS = 12

/** Downloads the authors' checkpoints into a folder of models. */
export const modelsPull = command({
  name: 'models pull',
  summary: "Download the authors' checkpoints of models",
  args: { usage: 'NAME...', schema: z.array(z.string()).min(1, 'Expected the name of a model (nanodet models list)') },
  options: {
    ...FOLDER_OPTION,
    from: text('URL|FILE', 'Take the checkpoint from here instead: an http or https URL, or a path').optional(),
    update: flag('Download again, and accept another file than the one in models.lock.json'),
    maxSize: number(0.001, 100_000, 'Maximum size of a checkpoint in MB').default(500),
    timeout: number(0.1, 3600, 'Maximum number of seconds without data before a connection is closed').default(30),
    retries: wholeNumber(0, 100, 'Number of retries if a connection breaks or the server is overloaded').default(5),
    ...OUTPUT_OPTIONS
  },
  details: 'A checkpoint is stored as DIR/NAME.ckpt, once it has loaded as the model with every parameter; the server ' +
    '(MODELS_DIR=DIR) and the other commands (--models-dir DIR) find it there. The folder has no default. ' +
    'DIR/models.lock.json records its SHA-256: later pulls and nanodet models check compare it. An interrupted download ' +
    'is resumed by the next pull. HTTP_PROXY, HTTPS_PROXY and NO_PROXY name proxies.\n\n' +
    `Checkpoints come from the links of ${CHECKPOINTS_PAGE}, most of them on Google Drive.`,
  examples: [
    'nanodet models pull nanodet-plus-m-416 --models-dir /srv/models',
    'nanodet models pull nanodet-t --models-dir /srv/models --from ~/Downloads/nanodet_t.ckpt'
  ],
  async run ({ options, args }, io) {
    const configs = [...new Set(args)].map(findModel)
    const from = options.from === undefined ? undefined : sourceUrl(options.from)
    if (from && configs.length > 1) throw new UsageError('--from: expected one model, since it is one file')
    const { timeout, maxSize, update, retries } = options
    const progress = new PullProgress(io, options.quiet)
    const dir = requiredFolder(options.modelsDir)
    const limits = { retries, timeout: timeout * 1000, maxSize: maxSize * MB, delays: DELAYS }
    return await untilInterrupted(io, progress, async (client, signal) => {
      let exitCode = 0
      for (const config of configs) {
        exitCode = Math.max(exitCode, await reportErrors(io, async () => {
          const published = publishedFor(config)
          const pulled = await pullModel({ ...limits, ...eventsFor(progress), config, from, published, dir, update, client, signal })
            .finally(() => progress.stop())
          io.stdout.write(options.json ? `${JSON.stringify(pulled)}\n` : toText(pulled, dir))
          return 0
        }))
      }
      return exitCode
    })
  }
})

function findModel (name: string): ModelConfig {
  const config = REGISTRY.get(name)
  if (config) return config
  throw new UsageError(`Unknown model ${name}${suggest(name, [...REGISTRY.keys()]) || ';'} nanodet models list shows all`)
}

const publishedFor = ({ name }: ModelConfig): URL[] => (PUBLISHED_CHECKPOINTS.get(name) ?? []).map(url => new URL(url))

const eventsFor = (progress: PullProgress): Pick<PullOptions, 'onSource' | 'onNextSource' | 'onProgress' | 'onRetry'> => ({
  onSource: (model, source) => progress.note(`${model}: from ${source}`),
  onNextSource: problem => progress.note(`${problem}; trying the next source`),
  onProgress: (received, total) => progress.update(received, total),
  onRetry: (problem, delay) => progress.note(`${problem}; trying again in ${(delay / 1000).toFixed(1)} s`)
})

/** Runs until it is done, or Ctrl-C ends it. What has arrived stays for the next pull. */
async function untilInterrupted (
  io: Io, progress: PullProgress, pull: (client: HttpClient, signal: AbortSignal) => Promise<number>
): Promise<number> {
  const controller = new AbortController()
  let exitCode: number = EXIT_CODES.SIGINT
  const interrupt = (signal: keyof typeof EXIT_CODES): void => {
    exitCode = EXIT_CODES[signal]
    controller.abort()
  }
  const client = new HttpClient(process.env)
  for (const signal of SIGNALS) process.once(signal, interrupt as NodeJS.SignalsListener)
  try {
    return await pull(client, controller.signal)
  } catch (error) {
    if (!controller.signal.aborted) throw error
    io.stderr.write('Interrupted; pull again to resume\n')
    return exitCode
  } finally {
    progress.stop()
    for (const signal of SIGNALS) process.off(signal, interrupt as NodeJS.SignalsListener)
    await client.close()
  }
}

function toText ({ model, status, file, bytes, sha256 }: Pulled, dir: string): string {
  return `${model}: ${status}, ${join(dir, file)} (${sizeText(bytes)}, SHA-256 ${sha256.slice(0, SHOWN_DIGITS)}…)\n`
}
