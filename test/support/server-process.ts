import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { LogLine } from './server.ts'

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url))
/** A variable that child processes get, too: all processes of one server are known by its value. */
const MARK = 'LC_SERVER_UNDER_TEST'
const TELL_HANDLER = new URL('tell-handler.js', import.meta.url).href

/** Milliseconds within which all processes of a server that has ended are gone. */
export const LATEST_END = 1000

export type ServerProcess = ReturnType<typeof spawnServer>

/**
 * Starts the server's program, as npm start does. It is killed with the test.
 * @param main the program, if it is not server/main.js
 * @param args of the program
 * @param bare without what the test runner loads into every process, which handles signals of its own
 */
export function spawnServer (t: Test, env: Record<string, string> = {}, { main = MAIN, args = [] as string[], bare = false } = {}) {
  const mark = randomUUID()
  const node = [process.execPath, '--import', TELL_HANDLER, main, ...args]
  const [command, ...rest] = bare ? ['env', '-u', 'NODE_OPTIONS', ...node] : node
  const child = spawn(command!, rest, {
    env: { ...process.env, PORT: '0', WORKERS: '1', ...env, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe']
  })
  const stdout = child.stdout!
  const lines: LogLine[] = []
  let text = ''
  let errors = ''
  let handlesSignals = false
  stdout.on('data', chunk => {
    const parts = (text + chunk).split('\n')
    text = parts.pop()!
    lines.push(...parts.map(line => JSON.parse(line)))
  })
  child.stderr!.on('data', chunk => { errors += chunk })
  child.stdio[3]!.once('data', () => { handlesSignals = true })
  t.teardown(() => child.kill('SIGKILL'))
  /** Waits for a line with this message, or this event. */
  const logged = async (message: RegExp): Promise<LogLine> => {
    for (;;) {
      const line = lines.find(({ msg, event }) => message.test(String(msg)) || message.test(String(event)))
      if (line) return line
      await once(stdout, 'data')
    }
  }
  return {
    child,
    lines,
    logged,
    /** What it writes to stderr. */
    get stderr (): string { return errors },
    /** Resolves when it is listening. */
    url: async (): Promise<string> => /http:\S+/.exec(String((await logged(/listening/)).msg))![0],
    /** The exit code or the signal that ended it. */
    ended: once(child, 'close') as Promise<[code: number | null, signal: string | null]>,
    /** Its program has begun: it has a handler for SIGTERM. */
    get handlesSignals (): boolean { return handlesSignals },
    /** Processes that it has started, and that are there. */
    get children (): number[] { return marked(mark).filter(pid => pid !== child.pid) },
    /** Waits until no process of it is left. @returns those that are left after so many milliseconds */
    remaining: async (ms: number): Promise<number[]> => {
      const end = performance.now() + ms
      while (marked(mark).length > 0 && performance.now() < end) await sleep(20)
      return marked(mark)
    }
  }
}

/** Sends SIGTERM that many milliseconds after the start: the server ends without a word, and leaves no process. */
export async function endsQuietly (t: Test, server: ServerProcess, moment: number): Promise<void> {
  await sleep(moment)
  const { handlesSignals } = server
  server.child.kill('SIGTERM')
  const [code, signal] = await server.ended
  t.ok(code === 0 || (signal === 'SIGTERM' && !handlesSignals), `after ${moment} ms: exit code ${code}, ${signal}`)
  t.same(await server.remaining(LATEST_END), [], `after ${moment} ms: no process is left`)
  t.equal(server.stderr, '')
}

const marked = (mark: string): number[] =>
  readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number).filter(pid => environmentOf(pid).includes(`${MARK}=${mark}`))

/** A process's variables; empty where it has ended. */
function environmentOf (pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
