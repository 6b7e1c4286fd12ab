import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { availableCpus } from '../engine/cpu-quota.ts'
import { namesIn } from '../models/names.ts'
import { PRECISIONS } from '../models/calibration-table.ts'
import { DIALECT_NAMES } from './dialect-names.ts'

const MIB = 2 ** 20
const SECOND = 1000
const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(min).max(max)
/** Milliseconds that a timer can wait. */
const milliseconds = (min: number) => wholeNumber(min, 2 ** 31 - 1)
/** A list that is set holds something: `,` for keys would open the server to everyone. */
const list = z.string().transform(namesIn).refine(items => items.length > 0, 'expected at least one item; leave the variable unset for none')

const areDialects = (names: string[]): boolean => names.every(name => (DIALECT_NAMES as readonly string[]).includes(name)) || /^(\*|none)$/.test(names.join())

/** `null` is the origin of any sandboxed page. */
const isOrigin = (text: string): boolean => text === '*' || /^https?:\/\/[^/\s]+$/.test(text)

/** Everything that environment variables set. Each has a description: docs/configuration.md is held against them by a test. */
export const configSchema = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 means all IPv4 addresses'),
  PORT: wholeNumber(0, 65535).default(8080).describe('Port to listen on; 0 picks a free one'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')
    .describe('Lowest level that is logged: trace, debug, info, warn, error, fatal or silent'),

  WORKERS: wholeNumber(1, 256).default(availableCpus())
    .describe('Number of worker processes, which run one request each at a time; by default one for each core available to the process'),
  THREADS: wholeNumber(1, 256).default(1).describe('Number of threads that share one run of a network'),
  REQUEST_TIMEOUT: milliseconds(1).default(5 * SECOND)
    .describe('Milliseconds within which an accepted image is answered; an image that would take longer is refused at once'),
  JOB_TIMEOUT: milliseconds(1).default(30 * SECOND)
    .describe('Milliseconds after which a worker that does not answer is killed and replaced'),
  MAX_WORKER_MEMORY: wholeNumber(0).default(2048 * MIB)
    .describe('Maximum resident memory of a worker, in bytes: a larger one is replaced after its current request; 0 disables the limit'),
  MAX_QUEUE: wholeNumber(0).default(64).describe('Maximum number of images that wait for a worker'),
  MAX_QUEUE_BYTES: wholeNumber(0).default(128 * MIB)
    .describe('Maximum size of all images that are being received or wait for a worker, in bytes'),

  MAX_BODY_BYTES: wholeNumber(1).default(20 * MIB).describe('Maximum size of a request body, in bytes'),
  MAX_PIXELS: wholeNumber(1).default(50_000_000)
    .describe('Maximum number of pixels of an image (width × height), as its header declares them'),
  MAX_FEATURE_BYTES: wholeNumber(1).default(128 * MIB)
    .describe('Maximum size of the feature maps in one reply, in bytes'),
  MAX_CONNECTIONS: wholeNumber(1).default(512).describe('Maximum number of open connections'),
  RECEIVE_TIMEOUT: milliseconds(0).default(30 * SECOND)
    .describe('Milliseconds within which a whole request must arrive; 0 disables the limit'),
  KEEP_ALIVE_TIMEOUT: milliseconds(0).default(72 * SECOND)
    .describe('Milliseconds until an idle connection is closed; should exceed the idle timeout of a load balancer in front'),
  SHUTDOWN_TIMEOUT: milliseconds(0).default(10 * SECOND)
    .describe('Milliseconds that requests in flight get to finish after SIGTERM'),

  MODELS_DIR: z.string().optional().describe('Folder with your own models: config files and their checkpoints'),
  DEFAULT_MODEL: z.string().default('nanodet-m-416').describe('Model of requests that name none'),
  PRELOAD: list.default(['*'])
    .describe('Models to load before the server is ready, comma-separated; * means all. Others are loaded when first requested'),
  PRECISION: z.enum(PRECISIONS).default('fp32')
    .describe('Precision of the networks; int8 is faster and a little less accurate; models without a calibration table stay at fp32 (docs/performance.md)'),
  MAX_LOADED_MODELS: wholeNumber(1).default(8)
    .describe('Maximum number of loaded models; the least recently used one is unloaded to make room'),

  DIALECTS: list.refine(areDialects, `expected some of ${DIALECT_NAMES.join(', ')}; or *, or none`)
    .default(['*']).describe('Protocols of other servers to support, comma-separated (docs/clients.md); * means all'),

  API_KEYS: list.default([])
    .describe('API keys, comma-separated, one of which each request must send; if unset, no key is needed'),
  ADMIN_KEYS: list.default([])
    .describe('API keys, comma-separated, that may also load and unload models; if unset, nobody may'),
  RATE_LIMIT: wholeNumber(0).default(0)
    .describe('Maximum number of requests a minute for each key or address; 0 disables the limit'),
  ALLOWED_HOSTS: list.default([])
    .describe('Host names besides localhost, comma-separated, to accept in requests to a server on a loopback address without API_KEYS; * accepts all'),
  CORS_ORIGIN: list.refine(items => items.every(isOrigin), 'expected origins like https://example.com, without a path; or *').default([])
    .describe('Web origins, comma-separated, whose pages may call the API; * means all; if unset, none may'),
  TRUST_PROXY: list.default([])
    .describe('Addresses or networks of proxies, comma-separated, whose X-Forwarded-For header is trusted'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional()
    .describe('OTLP/HTTP endpoint for OpenTelemetry traces; if unset, tracing is off and not loaded')
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
