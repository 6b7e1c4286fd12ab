import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { rootUrl } from './files.ts'

/** Seconds until tap gives a test file up, and until its process is killed. */
const TIMEOUT = 240
const KILL_AFTER = TIMEOUT + 30
/** What tap prints at the end of a file that ran to its end. */
const PLAN = /^1\.\.\d+/m

export interface Options {
  /** Files that run beside each other. */
  jobs: number
  /** Settings of a file's process besides this process's. `end` is awaited before the next file starts. */
  settings: (index: number) => Record<string, string>
  end: (index: number) => Promise<void>
  print: (line: string) => void
}

/**
 * Runs test files, each in a Node process. tap's own runner hooks into how processes load modules: that takes as long as most tests.
 * @param files compiled, from the root folder
 * @returns those that failed; what they printed has been printed
 */
export async function runFiles (files: readonly string[], { jobs, settings, end, print }: Options): Promise<string[]> {
  const failed: string[] = []
  const waiting = [...files.entries()]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, file] = next
      const { seconds, problem } = await runFile(file, settings(index))
      await end(index)
      print(`${problem === undefined ? 'ok' : 'FAILED'} ${seconds.toFixed(1)} s ${file}`)
      if (problem === undefined) continue
      print(problem)
      failed.push(file)
    }
  }
  await Promise.all(Array.from({ length: jobs }, lane))
  return failed
}

/** @returns what the file printed, if it failed */
async function runFile (file: string, settings: Record<string, string>): Promise<{ seconds: number, problem?: string }> {
  const start = performance.now()
  const env = { ...process.env, TAP: '1', TAP_TIMEOUT: String(TIMEOUT), ...settings }
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    cwd: fileURLToPath(rootUrl), env, stdio: ['ignore', 'pipe', 'pipe'], timeout: KILL_AFTER * 1000, killSignal: 'SIGKILL'
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { printed += text })
  const [code, signal] = await once(child, 'close')
  const seconds = (performance.now() - start) / 1000
  return code === 0 && PLAN.test(printed) ? { seconds } : { seconds, problem: `${printed}\nended with ${signal ?? code}` }
}
