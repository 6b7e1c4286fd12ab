import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { innerEngine, type NanodetEngine } from './engine.ts'
import { invalid } from './errors.ts'

export interface AppOptions {
  /** Stays open when the app closes. */
  readonly engine: NanodetEngine
  /**
   * Settings of docs/configuration.md, as text, as in environment variables: `{ API_KEYS: 'k1,k2' }`. The environment is
   * not read; HOST, PORT and what sets up the engine have no effect.
   */
  readonly settings?: Readonly<Record<string, string | undefined>> | undefined
  /** Silent by default. */
  readonly logger?: FastifyBaseLogger | undefined
}

/**
 * Builds the HTTP API of the server as a Fastify app. Add routes to it, or `listen`.
 * @example
 * const app = await buildApp({ engine: await createEngine() })
 * await app.listen({ port: 8080 })
 * @throws NanodetError INVALID_PARAMETER for settings that can't be used
 */
export async function buildApp ({ engine, settings = {}, logger }: AppOptions): Promise<FastifyInstance> {
  const [server, { readConfig, ConfigError }, { pino }] = await Promise.all([
    import('../server/app.ts'), import('../server/config.ts'), import('pino')
  ])
  try {
    const config = readConfig(settings)
    return await server.buildApp({ config, engine: innerEngine(engine), logger: logger ?? pino({ level: 'silent' }) })
  } catch (error) {
    throw error instanceof ConfigError ? invalid(`settings: ${error.message}`) : error
  }
}
