/**
 * node build.js [FILE [ARGUMENT...]]: builds what has changed, then runs a compiled file in the same process. In
 * `npm start` it takes the shell's place, so a signal to npm reaches what is running, and no process is left.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const SIGNALS = ['SIGINT', 'SIGTERM']
const STEPS = ['node_modules/typescript/bin/tsc', 'dist/models/convert.js']
const pathOf = file => fileURLToPath(new URL(file, import.meta.url))

for (const file of STEPS) await run(file)
const [, , file] = process.argv
if (file !== undefined) {
  process.argv.splice(1, 2, pathOf(file))
  await import(new URL(file, import.meta.url))
}

/** Runs a step. Where it fails, this process ends as it did; where this process is to end, the step ends first. */
async function run (file) {
  let received
  const end = signal => { received = signal; child.kill(signal) }
  for (const signal of SIGNALS) process.on(signal, end) // before spawn: a signal in between would leave the child
  const child = spawn(process.execPath, [pathOf(file)], { cwd: pathOf('.'), stdio: 'inherit' })
  const [code, signal] = await once(child, 'exit')
  for (const signal of SIGNALS) process.off(signal, end)
  if (received ?? signal) process.kill(process.pid, received ?? signal)
  if (code !== 0) process.exit(code ?? 1)
}
