/** Runs the commands of README and docs/ that need more than Node and npm, and compares what they print. */
import { readdirSync, readFileSync } from 'node:fs'
import { stepsOf } from '../../dist/test/support/fences.js'
import { cloneFolder, runStep } from '../../dist/test/support/run-step.js'
import { difference } from '../../dist/test/support/stated-output.js'
import { end, killGroup, start } from '../server.js'

const pages = ['README.md', ...readdirSync('docs').filter(name => name.endsWith('.md')).map(name => `docs/${name}`)]
const server = start(process.execPath, ['dist/server/main.js'])
let failures = 0
process.env.PATH = `/usr/bin:${process.env.PATH}` // Debian's Python has the packages
try {
  const [, address] = /http:\/\/(\S+)/.exec((await server.logged(/listening at/)).msg)
  await server.logged(/^ready$/)
  for (const page of pages) await check(page, address)
  await end(server, 'SIGTERM')
} finally {
  killGroup(server)
}
if (failures > 0) process.exitCode = 1

/** All blocks of the page are run, in order: those for CI may need files that the others write. */
async function check (page, address) {
  const steps = stepsOf(readFileSync(page, 'utf8')).filter(({ env }) => Object.keys(env).length === 0)
  if (!steps.some(({ run }) => run === 'ci')) return
  const folder = cloneFolder()
  for (const step of steps) {
    const { exitCode, stdout, stderr } = await runStep(step, folder.path, address)
    const problem = exitCode !== 0 ? `exit code ${exitCode}: ${stderr}` : step.output && difference(step.output.text, stdout)
    console.log(`${page}:${step.fence.line} ${problem ?? 'ok'}`)
    if (problem) failures++
  }
  folder.remove()
}
