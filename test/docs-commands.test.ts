/** Runs the commands of the README and docs/ that are marked to run, and compares what they print with what the pages state. */
import t from 'tap'
import { source } from './support/files.ts'
import { stepsOf } from './support/fences.ts'
import { PAGES } from './support/pages.ts'
import { cloneFolder, isInstalled, runStep } from './support/run-step.ts'
import { spawnServer } from './support/server-process.ts'
import { difference } from './support/stated-output.ts'

/** On a busy machine; seconds on an idle one. */
const MINUTES = 4

t.test('commands print what the pages state', { timeout: MINUTES * 60_000 }, async t => {
  const servers = new Map<string, Promise<string>>()
  const addressOf = (env: Readonly<Record<string, string>>): Promise<string> => {
    const key = JSON.stringify(env)
    const address = servers.get(key) ?? start(env)
    servers.set(key, address)
    return address
  }
  const start = async (env: Readonly<Record<string, string>>): Promise<string> => {
    const server = spawnServer(t, env)
    await server.logged(/^ready$/)
    return new URL(await server.url()).host
  }
  const hasCurl = isInstalled('curl')
  if (!hasCurl) t.comment('commands with curl are not run: it is not installed')
  for (const page of PAGES) {
    const steps = stepsOf(source(page)).filter(({ run, fence }) => run === 'test' && (hasCurl || !/\bcurl\b/.test(fence.text)))
    if (steps.length === 0) continue
    const folder = cloneFolder()
    for (const step of steps) {
      const name = `${page}:${step.fence.line}`
      const { exitCode, stdout, stderr } = await runStep(step, folder.path, await addressOf(step.env))
      t.equal(exitCode, 0, `${name} ${stderr}`)
      if (step.output) t.equal(difference(step.output.text, stdout), undefined, name, { stdout })
    }
    folder.remove()
  }
})
