import type { FastifyInstance } from 'fastify'
import { isIPv6, type AddressInfo } from 'node:net'
import type { Engine } from '../engine/engine.ts'
import { counted } from '../engine/numbers.ts'
import type { Deployment } from '../engine/models/deployment.ts'
import { CPU } from '../engine/providers.ts'
import type { Config } from './config.ts'
import { VERSION } from './version.ts'

/** Models that the line names; more are counted. */
const MAX_NAMES = 3

/** The address for browsers on this machine. */
export function openUrl (app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo
  if (['127.0.0.1', '0.0.0.0', '::'].includes(host)) return `http://localhost:${port}`
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

/** `nanodet-server 0.6.0, nanodet-m-416 (fp32), 2 workers: open http://localhost:8080` */
export function startupLine (engine: Pick<Engine, 'models'>, { WORKERS }: Pick<Config, 'WORKERS'>, url: string) {
  const ready = engine.models.filter(({ state }) => state.name === 'ready')
  const models = ready.slice(0, MAX_NAMES).map(model => `${model.name} (${howItRuns(model)})`)
  if (ready.length > MAX_NAMES) models.push(counted(ready.length - MAX_NAMES, 'more model'))
  return `nanodet-server ${VERSION}, ${models.join(', ')}, ${counted(WORKERS, 'worker')}: open ${url}`
}

/** `fp32`, or `fp32 on cuda` */
function howItRuns ({ info, running }: Pick<Deployment, 'info' | 'running'>): string {
  const { provider = CPU, precision = info?.precision } = running ?? {}
  return provider === CPU ? `${precision}` : `${precision} on ${provider}`
}
