import { execFile } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { findCompiled } from '../../../engine/cache/compiled-models.ts'
import { fill } from '../../../engine/cache/fill.ts'

const DIST = fileURLToPath(new URL('../../../', import.meta.url))

t.test('compiles the built-in models in all precisions, also in two builds at once', async t => {
  const folder = `${t.testdir()}/new/compiled`
  await Promise.all([fill(folder), fill(folder)])
  t.same(readdirSync(folder), ['nanodet-m-416-fp32.bin', 'nanodet-m-416-int8.bin'])
  for (const precision of ['fp32', 'int8'] as const) {
    const found = await findCompiled({ builtIn: 'nanodet-m-416', precision }, reason => t.fail(reason), folder)
    t.match(found!.info, { name: 'nanodet-m-416', precision, layers: { length: 162 } })
  }
})

t.test('as a program: a folder that can\'t be written is a message, and the build goes on', async t => {
  const root = t.testdir({ 'package.json': '{ "type": "module" }', node_modules: t.fixture('symlink', `${DIST}../node_modules`) })
  for (const folder of ['nn', 'backbone', 'neck', 'head', 'models', 'engine', 'weights']) cpSync(`${DIST}/${folder}`, `${root}/dist/${folder}`, { recursive: true })
  const run = async () => (await promisify(execFile)(process.execPath, [`${root}/dist/engine/cache/fill.js`])).stderr
  t.equal(await run(), '')
  t.ok(existsSync(`${root}/dist/compiled/nanodet-m-416-fp32.bin`))
  rmSync(`${root}/dist/compiled`, { recursive: true })
  writeFileSync(`${root}/dist/compiled`, 'a file')
  t.match(await run(), /^The server will compile its models at each start: E(EXIST|NOTDIR).*\n$/)
})
