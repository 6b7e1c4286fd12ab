/** build.js, in a small project of its own. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { rootUrl, source } from './support/files.ts'

const TSCONFIG = JSON.stringify({
  compilerOptions: { module: 'nodenext', target: 'es2023', types: [], rootDir: '.', outDir: 'dist', incremental: true, tsBuildInfoFile: 'dist/.tsbuildinfo', declaration: true },
  include: ['bin', 'engine', 'models', 'server', 'missing']
})

t.test('builds what changed, removes what is gone, and runs a file with its arguments', async t => {
  const folder = t.testdir({
    'build.js': source('build.js'),
    'package.json': '{ "type": "module" }',
    'tsconfig.json': TSCONFIG,
    node_modules: t.fixture('symlink', fileURLToPath(new URL('node_modules', rootUrl))),
    engine: { cache: { 'fill.ts': 'export const filled = true\n' } },
    bin: { 'bundle.ts': 'export const bundled = true\n' },
    wasm: { 'build.js': '' },
    server: { page: { 'bundle.ts': 'export const bundled = true\n' } },
    models: {
      'convert.ts': 'declare const console: any\nconsole.log("building")\n',
      'hello.ts': 'declare const console: any, process: any\nconsole.log("hello", process.argv.slice(2).join())\n',
      'old.ts': 'export const old = 1\n'
    }
  })
  const run = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, [`${folder}/build.js`, ...args], { cwd: '/', timeout: 100_000 })).stdout
  const files = () => ['old.js', 'old.d.ts', 'hello.js'].filter(name => existsSync(`${folder}/dist/models/${name}`))

  t.equal(await run('dist/models/hello.js', 'a', '--b'), 'building\nhello a,--b\n')
  t.equal(await run('dist/models/hello.js'), 'hello \n', 'nothing has changed')
  t.same(files(), ['old.js', 'old.d.ts', 'hello.js'])
  await rm(`${folder}/models/old.ts`)
  t.equal(await run(), 'building\n')
  t.same(files(), ['hello.js'])
  await writeFile(`${folder}/models/hello.ts`, 'const wrong: number = "text"\n')
  await t.rejects(run('dist/models/hello.js'), { code: 2, stdout: /hello\.ts.*TS2322/ })
  await t.rejects(run('dist/models/hello.js'), { code: 2 }, 'a failed build is repeated')
})
