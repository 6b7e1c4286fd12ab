/** Holds README and docs/ against what they link to and against the commands that they state. */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { foreignInCode, foreignInPage } from './support/wording.ts'
import { rootUrl, source } from './support/files.ts'
import { stepsOf, undecided } from './support/fences.ts'
import { anchorsOf, linksOf } from './support/links.ts'
import { cloneFolder, isInstalled, runStep } from './support/run-step.ts'
import { spawnServer } from './support/server-process.ts'
import { difference } from './support/stated-output.ts'

const DOCS = readdirSync(new URL('docs', rootUrl)).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)
const ROOT = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'FEATURES.md', 'SECURITY.md', 'CHANGELOG.md']
const PAGES = [...ROOT, ...DOCS]
/** Pages whose commands are not marked yet. */
const UNMARKED = ['bring-your-own-model', 'models', 'configuration', 'operations', 'docker', 'adding-a-backbone', 'embedding', 'eval'].map(name => `docs/${name}.md`)
/** Code whose texts are checked for their wording. */
const FOLDERS = ['backbone', 'neck', 'head']

t.test('every relative link, anchor and image exists', async t => {
  for (const page of PAGES) {
    for (const link of linksOf(source(page))) {
      const [target, anchor] = link.split('#') as [string, string?]
      const path = target === '' ? page : join(dirname(page), target)
      if (!t.ok(existsSync(new URL(path, rootUrl)), `${page}: ${link}`) || anchor === undefined) continue
      t.ok(anchorsOf(source(path)).includes(anchor), `${page}: ${link}`)
    }
  }
})

t.test('docs/README.md lists every page', async t => {
  const listed = linksOf(source('docs/README.md'))
  for (const page of DOCS.map(path => path.slice('docs/'.length)).filter(name => name !== 'README.md')) t.ok(listed.includes(page), page)
})

t.test('every command is run, or has a reason why not', async t => {
  for (const page of PAGES.filter(page => !UNMARKED.includes(page))) t.same(undecided(source(page)).map(({ line, text }) => `${line}: ${text.split('\n')[0]}`), [], page)
})

t.test('pages and messages are in plain English', async t => {
  for (const page of PAGES.filter(page => !UNMARKED.includes(page))) t.same(foreignInPage(source(page)), [], page)
  for (const folder of FOLDERS) {
    for (const name of readdirSync(new URL(folder, rootUrl), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) t.same(foreignInCode(source(join(folder, name))), [], join(folder, name))
    }
  }
})

t.test('commands print what the pages state', { timeout: 240_000 }, async t => {
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
