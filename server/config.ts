import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { availableCpus } from '../engine/cpu-quota.ts'
import { CPU, isProvider, PROVIDER_NAMES } from '../engine/providers.ts'
import { PRECISIONS } from '../models/calibration-table.ts'
import { namesIn } from '../models/names.ts'
import {
  bytes, isHost, isNetwork, isOrigin, list, milliseconds, oneOf, pairs, setting, url, wholeNumber, yesOrNo
} from './config-values.ts'
import { DIALECT_NAMES } from './dialect-names.ts'

const MIB = 2 ** 20
const SECOND = 1000
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export const LOG_FORMATS = ['auto', 'json', 'pretty'] as const
const SAMPLERS = [
  'always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'
] as const
const text = (expected: string, isValid: (text: string) => boolean) => setting(expected, text => isValid(text) ? text : undefined)
const isKey = (text: string): boolean => /^[\x20-\x7e]+$/.test(text)
const keys = () => list('at least one key of printable ASCII characters; leave the variable unset for none', isKey)
const HOSTS = 'host names such as detect.example.com, without scheme or port; or *'
const PROXIES = 'addresses or networks of your proxies, such as 127.0.0.1 or 10.0.0.0/8; or loopback, linklocal, uniquelocal'
/** All dialects, some of them by name, or none. */
const dialects = () => setting(`names from ${DIALECT_NAMES.join(', ')}; or *, or none`, text => {
  const names = text.split(',').map(name => name.trim()).filter(name => name !== '')
  const areKnown = names.every(name => (DIALECT_NAMES as readonly string[]).includes(name))
  return names.length > 0 && (areKnown || /^(\*|none)$/.test(names.join())) ? [...new Set(names)] : undefined
})

/** Characters of an invalid value that are shown. */
const MAX_SHOWN = 300
/** Settings whose values are never shown. */
const SECRET = ['API_KEYS', 'ADMIN_KEYS', 'OTEL_EXPORTER_OTLP_HEADERS']

/** User name and password in a URL. */
const CREDENTIALS = /\/\/[^/]*@/g

/** All settings. Each has a description: docs/configuration.md has the same, which a test checks. */
export const configSchema = z.object({
  HOST: text('a host name or an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all', isHost)
    .default('127.0.0.1').describe('Address to listen on; 0.0.0.0 means all IPv4 addresses'),
  PORT: wholeNumber(0, 65535).default(8080).describe('Port to listen on; 0 picks a free one'),

  LOG_LEVEL: oneOf(LOG_LEVELS).default('info')
    .describe('Lowest level to log: trace, debug, info, warn, error, fatal or silent'),
  LOG_FORMAT: oneOf(LOG_FORMATS).default('auto')
    .describe('Format of the log: json, pretty (readable lines), or auto: pretty on a terminal, json elsewhere'),
  LOG_LEVEL_NAMES: yesOrNo().default(false)
    .describe('Write levels by name ("level":"info") instead of by number, as Loki and Datadog expect them'),

  WORKERS: wholeNumber(1, 256).default(availableCpus())
    .describe('Number of worker processes, each running one request at a time; by default one for each available core, or 1 if the first of EXECUTION_PROVIDERS is not cpu'),
  THREADS: wholeNumber(1, 256).default(1).describe('Number of threads for each run of a network'),
  EXECUTION_PROVIDERS: list(`names from ${PROVIDER_NAMES.join(', ')}; cuda, tensorrt and dml may have a device's number, such as cuda:1`, isProvider)
    .default([CPU])
    .describe('Execution providers of onnxruntime, comma-separated, best first: networks run on the first that works (docs/deploy.md)'),
  MAX_BATCH: wholeNumber(1, 64).default(1)
    .describe('Maximum number of waiting images that one run of a network takes; by default 8 if the first of EXECUTION_PROVIDERS is not cpu'),
  REQUEST_TIMEOUT: milliseconds(1).default(5 * SECOND)
    .describe('Milliseconds within which an accepted image is answered; an image that would take longer is refused at once'),
  JOB_TIMEOUT: milliseconds(1).default(30 * SECOND)
    .describe('Milliseconds after which a worker that does not answer is killed and replaced'),
  MAX_WORKER_MEMORY: bytes(0).default(2048 * MIB)
    .describe('Maximum resident memory of a worker, in bytes; a larger worker is replaced after its current request; 0 disables the limit'),
  MAX_QUEUE: wholeNumber(0).default(64).describe('Maximum number of images that wait for a worker'),
  MAX_QUEUE_WAIT: milliseconds(0).default(SECOND)
    .describe('Maximum expected wait for a worker, in milliseconds; images that would wait longer are refused; 0 disables the limit'),
  MAX_QUEUE_BYTES: bytes(0).default(128 * MIB)
    .describe('Maximum total size of the images being received or waiting for a worker, in bytes'),

  MAX_BODY_BYTES: bytes(1).default(20 * MIB).describe('Maximum size of a request body, in bytes'),
  MAX_PIXELS: wholeNumber(1).default(50_000_000)
    .describe('Maximum number of pixels of an image (width × height, from its header)'),
  MAX_FEATURE_BYTES: bytes(1).default(128 * MIB)
    .describe('Maximum size of the feature maps in one reply, in bytes'),
  MAX_CONNECTIONS: wholeNumber(1).default(512).describe('Maximum number of open connections'),
  RECEIVE_TIMEOUT: milliseconds(0).default(30 * SECOND)
    .describe('Milliseconds within which a whole request must arrive; 0 disables the limit'),
  KEEP_ALIVE_TIMEOUT: milliseconds(0).default(72 * SECOND)
    .describe('Milliseconds until an idle connection is closed; set it higher than the idle timeout of your load balancer'),
  SHUTDOWN_TIMEOUT: milliseconds(0).default(10 * SECOND)
    .describe('Milliseconds for requests in flight to finish after SIGTERM'),

  MODELS_DIR: z.string().optional().describe('Folder with your own models: config files and their checkpoints'),
  WATCH_MODELS: yesOrNo().default(false)
    .describe('Watch MODELS_DIR: load new models, reload changed ones and unload removed ones'),
  DEFAULT_MODEL: z.string().default('nanodet-m-416').describe('Model for requests that name none; always loaded at the start'),
  PRELOAD: list().default(['*'])
    .describe('Models to load before the server is ready, comma-separated; * means all. Others are loaded when first requested'),
  PRECISION: oneOf(PRECISIONS).default('fp32')
    .describe('Precision of the networks: fp32 or int8, which is faster and slightly less accurate; models without a calibration table stay at fp32'),
  MAX_LOADED_MODELS: wholeNumber(1).default(8)
    .describe('Maximum number of loaded models; the least recently used one is unloaded to make room'),

  FEEDBACK_DIR: z.string().optional()
    .describe('Folder that POST /feedback stores photos and corrected boxes in, as a COCO data set; if unset, nothing is stored'),
  FEEDBACK_MAX_BYTES: bytes(1).default(1024 * MIB).describe('Maximum size of FEEDBACK_DIR, in bytes'),

  NO_PAGE: yesOrNo().default(false).describe('Turn off the page at /, which shows and explains detections; / then leads to /docs'),

  DIALECTS: dialects().default(['*']).describe('Protocols of other servers to support, comma-separated (docs/clients.md); * means all'),

  API_KEYS: keys().default([])
    .describe('API keys, comma-separated; requests must send one of them; if unset, no key is required'),
  ADMIN_KEYS: keys().default([])
    .describe('API keys, comma-separated, that may also load and unload models; if unset, nobody may'),
  RATE_LIMIT: wholeNumber(0).default(0)
    .describe('Maximum number of requests per minute for each key or address; 0 disables the limit'),
  ALLOWED_HOSTS: list(HOSTS, host => host === '*' || isHost(host)).default([])
    .describe('Host names besides localhost, comma-separated, to accept in requests to a server on a loopback address without API_KEYS; * accepts all'),
  CORS_ORIGIN: list('origins such as https://example.com, without a path; or *', isOrigin).default([])
    .describe('Web origins, comma-separated, whose pages may call the API; * means all; if unset, none may'),
  TRUST_PROXY: list(PROXIES, isNetwork).default([])
    .describe('Addresses or networks of proxies, comma-separated, whose X-Forwarded-For header is trusted'),

  OTEL_EXPORTER_OTLP_ENDPOINT: url().optional()
    .describe('OTLP/HTTP endpoint for OpenTelemetry traces; /v1/traces is appended; if no endpoint is set, tracing is off and not loaded'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url().optional()
    .describe('Full URL for OpenTelemetry traces; takes precedence over OTEL_EXPORTER_OTLP_ENDPOINT'),
  OTEL_EXPORTER_OTLP_HEADERS: pairs().optional().describe('Headers for the OTLP endpoint, such as an API key: key=value, comma-separated'),
  OTEL_SERVICE_NAME: text('a name of at most 255 characters', ({ length }) => length <= 255).optional()
    .describe('Service name in traces, nanodet-server by default'),
  OTEL_RESOURCE_ATTRIBUTES: pairs().optional().describe('Resource attributes in traces: key=value, comma-separated'),
  OTEL_TRACES_SAMPLER: oneOf(SAMPLERS).default('parentbased_always_on')
    .describe(`Sampler for traces: ${SAMPLERS.join(', ')}`),
  OTEL_TRACES_SAMPLER_ARG: text('a number from 0 to 1', share => share !== '' && Number(share) >= 0 && Number(share) <= 1).optional()
    .describe('Share of traces to sample with a traceidratio sampler, 0 to 1'),
  OTEL_SDK_DISABLED: yesOrNo().default(false).describe('Turn tracing off even if an endpoint is set')
})

export type Config = z.infer<typeof configSchema>
type Environment = Readonly<Record<string, string | undefined>>

/** An invalid setting. The message names variable, value and what is possible, one line for each. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads the configuration. An empty variable counts as unset, as compose files write it.
 * @throws ConfigError naming the variables
 */
export function readConfig (env: Environment): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = configSchema.safeParse({ ...defaultsFor(set.EXECUTION_PROVIDERS), ...set })
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(({ path, message }) => problemIn(set, path, message)).join('\n'))
  const { WATCH_MODELS, MODELS_DIR } = parsed.data
  if (WATCH_MODELS && !MODELS_DIR) throw new ConfigError('WATCH_MODELS: "true" needs MODELS_DIR, the folder to watch')
  return parsed.data
}

/** A device is shared by few processes, and best runs several images at once. */
const defaultsFor = (providers = CPU): Environment =>
  namesIn(providers)[0] === CPU ? {} : { WORKERS: '1', MAX_BATCH: '8' }

/** What is wrong with a setting, in one line. Values of secrets are left out. */
export function problem (name: string, value: string, message: string): string {
  const short = value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value
  const shown = SECRET.includes(name) ? 'the value' : JSON.stringify(short.replace(CREDENTIALS, '//…@'))
  return `${name}: ${shown} is invalid; ${message}`
}

function problemIn (env: Environment, [variable]: readonly PropertyKey[], message: string): string {
  const name = String(variable)
  return problem(name, env[name]!, message)
}

/** All settings, each with its default and description, for --help. */
export function configHelp (): string {
  const defaults: Record<string, unknown> = readConfig({})
  return Object.entries(configSchema.shape).map(([name, { description }]) => {
    const value = defaults[name]
    const shown = value === undefined || (Array.isArray(value) && value.length === 0) ? 'unset' : String(value)
    return `  ${name} (${shown})\n      ${description}`
  }).join('\n')
}

/** Environment variables that are probably misspelled settings, each with the setting. */
export function misspelled (env: Environment): Array<[given: string, meant: string]> {
  const settings = Object.keys(configSchema.shape)
  return Object.keys(env).filter(name => !settings.includes(name)).flatMap(name => {
    const meant = settings.find(setting => distance(setting, name) <= (setting.length > 7 ? 2 : 1) && setting.length > 4)
    return meant === undefined ? [] : [[name, meant] satisfies [string, string]]
  })
}
