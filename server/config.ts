import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { availableCpus } from '../engine/cpu-quota.ts'
import { namesIn } from '../models/names.ts'
import { PRECISIONS } from '../models/ranges-file.ts'
import { DIALECT_NAMES } from './dialect-names.ts'

const MIB = 2 ** 20
const SECOND = 1000
const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(min).max(max)
/** Milliseconds that a timer can wait. */
const milliseconds = (min: number) => wholeNumber(min, 2 ** 31 - 1)
/** A list that is set holds something: `,` for keys would open the server to everyone. */
const list = z.string().transform(namesIn).refine(items => items.length > 0, 'expected at least one item; leave the variable unset for none')

/** Everything that environment variables set. Each has a description: docs/configuration.md is held against them by a test. */
export const configSchema = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 is all of them'),
  PORT: wholeNumber(0, 65535).default(8080).describe('Port to listen on; 0 picks a free one'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('The least that is logged'),

  WORKERS: wholeNumber(1, 256).default(availableCpus())
    .describe('Processes that run networks, one request each at a time; by default one for each core that the container may use'),
  THREADS: wholeNumber(1, 256).default(1).describe('Threads that share one run of a network'),
  REQUEST_TIMEOUT: milliseconds(1).default(5 * SECOND)
    .describe('Milliseconds within which an accepted image is answered; one that can\'t be is refused at once'),
  JOB_TIMEOUT: milliseconds(1).default(30 * SECOND).describe('Milliseconds after which a worker that does not answer is killed and replaced'),
  MAX_WORKER_MEMORY: wholeNumber(0).default(2048 * MIB)
    .describe('Maximum resident memory of a worker, in bytes: a larger one is replaced after its current request; 0 disables the limit'),
  MAX_QUEUE: wholeNumber(0).default(64).describe('Images that wait for a worker at the most'),
  MAX_QUEUE_BYTES: wholeNumber(0).default(128 * MIB).describe('Bytes of images that are received or wait for a worker at the most'),

  MAX_BODY_BYTES: wholeNumber(1).default(20 * MIB).describe('Bytes of a request body at the most'),
  MAX_PIXELS: wholeNumber(1).default(50_000_000).describe('Pixels of an image at the most (width × height), as it declares them'),
  MAX_FEATURE_BYTES: wholeNumber(1).default(128 * MIB).describe('Bytes of feature maps in one reply at the most'),
  MAX_CONNECTIONS: wholeNumber(1).default(512).describe('Connections at a time at the most'),
  RECEIVE_TIMEOUT: milliseconds(0).default(30 * SECOND).describe('Milliseconds within which a request has to arrive as a whole; 0 is no limit'),
  KEEP_ALIVE_TIMEOUT: milliseconds(0).default(72 * SECOND)
    .describe('Milliseconds that an idle connection is kept; more than a load balancer in front keeps it'),
  SHUTDOWN_TIMEOUT: milliseconds(0).default(10 * SECOND).describe('Milliseconds that requests in flight get to finish on SIGTERM'),

  MODELS_DIR: z.string().optional().describe('Folder with models of one\'s own: config files and their checkpoints'),
  DEFAULT_MODEL: z.string().default('nanodet-m-416').describe('The model that is meant where a request names none'),
  PRELOAD: list.default(['*'])
    .describe('Models, comma-separated, that are loaded before the server is ready; * is all. The others are loaded when they are first asked for'),
  PRECISION: z.enum(PRECISIONS).default('fp32')
    .describe('What networks are computed in; int8 is faster and a little less accurate, and for models that have ranges (docs/performance.md)'),
  MAX_LOADED_MODELS: wholeNumber(1).default(8).describe('Models that are loaded at a time at the most; the one goes that was not asked for longest'),

  DIALECTS: list.refine(names => names.every(name => [...DIALECT_NAMES, '*', 'none'].includes(name)), `expected some of ${DIALECT_NAMES.join(', ')}; or *, or none`)
    .default(['*']).describe('Protocols of other servers, comma-separated, that are spoken, too (docs/clients.md); * is all'),

  API_KEYS: list.default([]).describe('Keys, comma-separated, of which requests have to show one; unset, nobody is asked'),
  ADMIN_KEYS: list.default([]).describe('Keys, comma-separated, that may load and unload models, too; unset, nobody may'),
  RATE_LIMIT: wholeNumber(0).default(0).describe('Requests a minute for each key or address; 0 is no limit'),
  ALLOWED_HOSTS: list.default([])
    .describe('Host names, comma-separated, by which a server that only this machine can reach, and that has no keys, may be asked; * is all'),
  CORS_ORIGIN: list.default([]).describe('Web origins, comma-separated, whose pages may call the API; * is all, unset is none'),
  TRUST_PROXY: list.default([]).describe('Addresses or networks of proxies, comma-separated, whose X-Forwarded-For is believed'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe('Where OpenTelemetry traces are sent, over OTLP/HTTP; unset, nothing of it is loaded')
})

export type Config = z.infer<typeof configSchema>

/** A variable that can't be used. The message names each one that is wrong, a line each. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads the configuration. An empty variable counts as unset, as compose files write it.
 * @throws ConfigError naming the variables
 */
export function readConfig (env: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = configSchema.safeParse(set)
  if (parsed.success) return parsed.data
  throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
}

/** What --help says: every variable, its default and what it is for. */
export function configHelp (): string {
  const defaults: Record<string, unknown> = readConfig({})
  return Object.entries(configSchema.shape).map(([name, { description }]) => {
    const value = defaults[name]
    const shown = value === undefined || (Array.isArray(value) && value.length === 0) ? 'unset' : String(value)
    return `  ${name} (${shown})\n      ${description}`
  }).join('\n')
}

/** Environment variables that are likely misspelled settings, each with the setting that is probably meant. */
export function misspelled (env: Record<string, string | undefined>): Array<[given: string, meant: string]> {
  const settings = Object.keys(configSchema.shape)
  return Object.keys(env).filter(name => !settings.includes(name)).flatMap(name => {
    const meant = settings.find(setting => distance(setting, name) <= (setting.length > 7 ? 2 : 1) && setting.length > 4)
    return meant === undefined ? [] : [[name, meant] satisfies [string, string]]
  })
}
