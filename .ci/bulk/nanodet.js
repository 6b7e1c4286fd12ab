/** Processes of nanodet for checks; all that they print is kept. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { main } from '../../dist/bin/main.js'

const NANODET = resolve('dist/bin/nanodet.js')
export const said = []

export class Nanodet {
  constructor (args, env = {}) {
    this.output = ''
    this.process = spawn(process.execPath, [NANODET, ...args.map(String)], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', chunk => {
        this.output += chunk
        said.push(String(chunk))
        this.onOutput?.()
      })
    }
    this.ended = once(this.process, 'close').then(([code, signal]) => code ?? signal)
  }

  /** Resolves once the output matches, or rejects if the process ends first. */
  async until (pattern) {
    await new Promise((resolve, reject) => {
      const look = () => { if (pattern.test(this.output)) resolve() }
      this.onOutput = look
      this.ended.then(code => reject(new Error(`ended with ${code} before ${pattern}: ${this.output}`)))
      look()
    })
    this.onOutput = undefined
  }

  kill (signal = 'SIGKILL') { this.process.kill(signal) }
}

/** Runs a command. @returns its exit code and output */
export async function nanodet (args, env) {
  const run = new Nanodet(args, env)
  return { code: await run.ended, output: run.output }
}

/** Runs a command in this process, which takes a tenth of the time. @returns its exit code and output */
export async function nanodetHere (args, env) {
  let output = ''
  const stream = { write: text => { output += text } }
  const before = { ...process.env }
  Object.assign(process.env, env)
  const code = await main(args.map(String), { stdout: stream, stderr: stream })
  process.env = before
  said.push(output)
  return { code, output }
}
