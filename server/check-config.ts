import { lookup } from 'node:dns/promises'
import { access, constants, readdir } from 'node:fs/promises'
import { parseProvider } from '../engine/providers.ts'
import { fileProblem } from '../models/file-problem.ts'
import { listOf } from '../models/names.ts'
import { ConfigError, problem, type Config } from './config.ts'

/** Errors of listening on an address that this machine does not have. */
const FOREIGN = ['EADDRNOTAVAIL', 'EINVAL', 'EAFNOSUPPORT']
/** Names of models that a message lists. */
const MAX_NAMES = 30
const ADVICE = 'use 127.0.0.1, or 0.0.0.0 for all addresses'

/** Checks the settings that depend on the machine: the address and the folders. @throws ConfigError */
export async function checkConfig ({ HOST, MODELS_DIR, FEEDBACK_DIR }: Config): Promise<void> {
  if (MODELS_DIR !== undefined) await checkFolder('MODELS_DIR', MODELS_DIR, 'readable')
  if (FEEDBACK_DIR !== undefined) await checkFolder('FEEDBACK_DIR', FEEDBACK_DIR, 'writable')
  await checkHost(HOST)
}

/** Checks that the models exist which the settings name. @throws ConfigError naming those that do */
export function checkModels ({ DEFAULT_MODEL, PRELOAD }: Config, models: readonly string[]): void {
  const check = (variable: string, name: string): void => {
    if (name === '*' || models.includes(name)) return
    throw new ConfigError(problem(variable, name, `expected the name of a model: ${inShort(models)}`))
  }
  check('DEFAULT_MODEL', DEFAULT_MODEL)
  for (const name of PRELOAD) check('PRELOAD', name)
}

/** Checks that this installation of onnxruntime has the execution providers. @throws ConfigError naming those that it has */
export function checkProviders ({ EXECUTION_PROVIDERS }: Config, offered: readonly string[]): void {
  const missing = EXECUTION_PROVIDERS.find(provider => !offered.includes(parseProvider(provider).name))
  if (missing === undefined) return
  throw new ConfigError(problem('EXECUTION_PROVIDERS', missing, `onnxruntime offers ${listOf(offered)} on ${process.platform}-${process.arch}`))
}

const inShort = (names: readonly string[]): string =>
  `${names.slice(0, MAX_NAMES).join(', ')}${names.length > MAX_NAMES ? ` or ${names.length - MAX_NAMES} more` : ''}`

/** What is wrong with the address or port, by the error of listening on it; undefined for other errors. */
export function listenProblem (error: unknown, { HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): ConfigError | undefined {
  const { code = '' } = error as NodeJS.ErrnoException
  const inUse = `PORT: ${PORT} is in use on ${HOST}; stop the other program or set another PORT`
  if (code === 'EADDRINUSE') return new ConfigError(inUse)
  const forbidden = `PORT: ${PORT} needs the permission to open ports below 1024; set a higher PORT`
  if (code === 'EACCES') return new ConfigError(forbidden)
  if (!FOREIGN.includes(code)) return undefined
  return new ConfigError(problem('HOST', HOST, `this machine does not have the address; ${ADVICE}`))
}

async function checkFolder (setting: string, folder: string, kind: 'readable' | 'writable'): Promise<void> {
  try {
    await readdir(folder)
    if (kind === 'writable') await access(folder, constants.W_OK)
  } catch (error) {
    throw new ConfigError(problem(setting, folder, `expected a ${kind} folder: ${fileProblem(error)}`))
  }
}

async function checkHost (host: string): Promise<void> {
  try {
    await lookup(host)
  } catch {
    throw new ConfigError(problem('HOST', host, `the name has no address; ${ADVICE}`))
  }
}
