import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { Coverage } from './support/coverage.ts'
import { rootUrl } from './support/files.ts'
import { runFiles } from './support/run-files.ts'

const TAP = pathToFileURL(createRequire(import.meta.url).resolve('tap')).href
const begin = `import t from '${TAP}'; t.pass('reached');`

t.test('a file passes that runs to its end without a failure; others are named, with what they printed', async t => {
  const files = {
    'passes.js': `${begin} console.error('unheard')`,
    'fails.js': `${begin} t.fail('the reason')`,
    'ends-early.js': `${begin} await t.test('a', async () => process.exit(0))`,
    'throws.js': `${begin} throw new Error('thrown')`
  }
  const folder = t.testdir({ 'package.json': '{"type":"module"}', ...files })
  const printed: string[] = []
  const ended: number[] = []
  const paths = Object.keys(files).map(name => join(folder, name))
  const end = async (index: number): Promise<void> => { ended.push(index) }
  const failed = await runFiles(paths, { jobs: 2, settings: () => ({}), end, print: line => printed.push(line) })
  t.same(failed.sort(), paths.slice(1).sort())
  t.same(ended.sort(), [0, 1, 2, 3])
  t.match(printed.join('\n'), /the reason/)
  t.match(printed.join('\n'), /thrown/)
  t.notMatch(printed.join('\n'), /unheard/)
})

t.test('counts are kept of the project\'s code alone, also of the processes that a test starts', async t => {
  const [model, other] = ['nn/dim', 'nn/channels'].map(name => new URL(`dist/${name}.js`, rootUrl).href)
  const start = `import { spawnSync } from 'node:child_process'; spawnSync(process.execPath, ['--input-type=module', '-e', "import '${other}'"], { env: {} })`
  const folder = t.testdir({ 'package.json': '{"type":"module"}', 'a.js': `${begin} import '${model}'; ${start}` })
  const coverage = new Coverage(pathToFileURL(`${folder}/coverage/`))
  await coverage.clear()
  const options = { settings: coverage.settings.bind(coverage), end: coverage.keep.bind(coverage), print: () => {} }
  t.same(await runFiles([join(folder, 'a.js')], { jobs: 1, ...options }), [])
  t.equal(readdirSync(`${folder}/coverage/counts`).length, 2)
  t.same(readdirSync(`${folder}/coverage/raw`), [])
})
