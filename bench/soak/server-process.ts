import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../../cli/command.ts'

/** The server, running on a port of its own on this machine. */
export interface ServerProcess {
  readonly base: string
  readonly pid: number
  readonly workers: number
  /** Threads that share one run of a network. */
  readonly threads: number
  /** Milliseconds from start to ready. */
  readonly startMs: number
  /** The exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>
  kill (signal: NodeJS.Signals): void
}

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url))

/** Where it listens, whom it lets in and what it logs is not the environment's to say here; the rest is. */
const FIXED = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', API_KEYS: '', RATE_LIMIT: '' }

/**
 * Starts the server, and waits until it is ready.
 * @param main the server's main.js: this build's, or another's
 * @throws CommandError with what it says when it does not start
 */
export async function startServer (env: Record<string, string> = {}, main = MAIN): Promise<ServerProcess> {
  const start = performance.now()
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...FIXED, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  let complaint = ''
  child.stderr.on('data', chunk => { complaint += chunk })
  const ready = await readUntilReady(child.stdout)
  if (!ready) throw new CommandError(`The server does not start: ${complaint.trim() || `exit code ${await exited}`}`)
  const kill = (signal: NodeJS.Signals): void => { child.kill(signal) }
  return { ...ready, pid: child.pid!, startMs: performance.now() - start, exited, kill }
}

async function readUntilReady (stdout: NodeJS.ReadableStream): Promise<Pick<ServerProcess, 'base' | 'workers' | 'threads'> | undefined> {
  let base = ''
  for await (const line of createInterface({ input: stdout })) {
    const { msg, workers, threads } = JSON.parse(line) as { msg: string, workers: number, threads: number }
    base ||= /listening at (http:\S+)/.exec(msg)?.[1] ?? ''
    if (msg !== 'ready') continue
    stdout.resume() // what is not read would stop the server
    return { base, workers, threads }
  }
  return undefined
}
