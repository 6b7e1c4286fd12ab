import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

/** The program. */
export const NANODET = fileURLToPath(new URL('../../bin/nanodet.js', import.meta.url))

/** Starts nanodet without what the test runner loads into processes, which handles signals. It is killed with the test. */
export function start (t: Test, argv: readonly string[]) {
  const { NODE_OPTIONS, ...env } = process.env
  const child = spawn(process.execPath, [NANODET, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** Runs nanodet in a process of its own. @param env more variables */
export async function nanodet (argv: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [NANODET, ...argv], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { exitCode: exitCode as number | null, stdout, stderr }
}
