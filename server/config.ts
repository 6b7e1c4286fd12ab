import { availableParallelism } from 'node:os'
import { z } from 'zod'

const MIB = 2 ** 20
const wholeNumber = (min: number) => z.coerce.number().int().min(min)

/** Everything that environment variables set. Each has a description: docs/configuration.md is held against them by a test. */
export const configSchema = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 is all of them'),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080).describe('Port to listen on; 0 picks a free one'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('The least that is logged'),
  WORKERS: wholeNumber(1).default(availableParallelism()).describe('Threads that run networks, each one request at a time; by default one a core'),
  THREADS: wholeNumber(1).default(1).describe('Threads that share one run of a network'),
  MAX_BODY_BYTES: wholeNumber(1).default(20 * MIB).describe('Bytes of a request body at the most'),
  MAX_PIXELS: wholeNumber(1).default(50_000_000).describe('Pixels of an image at the most (width × height), as it declares them'),
  MAX_FEATURE_BYTES: wholeNumber(1).default(128 * MIB).describe('Bytes of feature maps in one reply at the most'),
  SHUTDOWN_TIMEOUT: wholeNumber(0).default(10_000).describe('Milliseconds that requests in flight get to finish on SIGTERM')
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
