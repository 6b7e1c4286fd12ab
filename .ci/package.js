/**
 * node .ci/package.js [MAJOR]: packs the project, installs the tarball in an empty folder outside, and uses it as others
 * do: as a module, in types, as commands. Another major version of Node is a failure.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MAX_BYTES = 8_000_000
const PATIENCE = 300_000
const STREET = ['stop sign', 'bus', 'traffic light']
/** Of /, its program and the example, from a package without esbuild. */
const PAGE = ['200 text/html; charset=utf-8 true', '200 text/javascript; charset=utf-8 true', '200 image/jpeg true']
/** What must not be in the tarball. */
const UNWANTED = /^package\/(dist\/test|dist\/server\/page\/(bundle|logic)|test|\.ci|\.github|examples|node_modules)|\.tsbuildinfo$|^package\/docs\/(?!images\/street\.jpg$)/

const [, , major = process.versions.node.split('.')[0]] = process.argv
console.log(`package on Node ${process.version}`)
assert.equal(process.versions.node.split('.')[0], major)

const folder = mkdtempSync(join(tmpdir(), 'nanodet-package-'))
try {
  const tarball = pack()
  install(tarball)
  useAsModule()
  checkTypes()
  useAsCommand()
} finally {
  rmSync(folder, { recursive: true })
}

/** Runs a program in the folder outside. */
function run (program, args, options = {}) {
  return execFileSync(program, args, { cwd: folder, encoding: 'utf8', timeout: PATIENCE, stdio: ['ignore', 'pipe', 'inherit'], ...options })
}

function pack () {
  run(process.execPath, ['build.js'], { cwd: ROOT })
  const name = run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT }).trim().split('\n').at(-1)
  const files = run('tar', ['tzf', name]).trim().split('\n')
  const { size } = statSync(join(folder, name))
  console.log(`${name}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB`)
  assert.ok(size <= MAX_BYTES, `${size} bytes`)
  assert.deepEqual(files.filter(file => UNWANTED.test(file)), [])
  return name
}

/** --ignore-scripts: onnxruntime-node's would download CUDA libraries. */
function install (tarball) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball}`])
  cpSync(join(ROOT, 'docs/images/street.jpg'), join(folder, 'photo.jpg'))
  assert.ok(!existsSync(join(folder, 'node_modules/esbuild')), 'the page needs no bundler')
  console.log(`installed: ${readdirSync(join(folder, 'node_modules')).length} folders in node_modules`)
}

function useAsModule () {
  cpSync(join(ROOT, '.ci/package/consumer.js'), join(folder, 'consumer.js'))
  const found = JSON.parse(run(process.execPath, ['consumer.js']))
  console.log(`consumer: ${JSON.stringify(found)}`)
  assert.deepEqual(found, { oneShot: STREET, engine: STREET, layers: { p5: [1, 96, 13, 13] }, api: STREET, docs: 200, page: PAGE, onnx: true, refused: 'UNSUPPORTED_IMAGE' })
}

/** The types of Node come with the clone's; those of everything else, with the package. */
function checkTypes () {
  const types = join(ROOT, 'node_modules')
  for (const name of ['@types/node', 'undici-types']) cpSync(join(types, name), join(folder, 'node_modules', name), { recursive: true, dereference: true })
  for (const name of ['consumer.ts', 'browser.ts']) cpSync(join(ROOT, '.ci/package', name), join(folder, name))
  compile('consumer.ts', { module: 'nodenext', types: ['node'] })
  compile('consumer.ts', { module: 'esnext', moduleResolution: 'bundler', types: ['node'] })
  compile('browser.ts', { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom', 'dom.iterable'], types: [] })
}

function compile (file, options) {
  const flags = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true, skipLibCheck: false, target: 'es2022' }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...flags, ...options }, files: [file] }))
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], { stdio: 'inherit' })
  console.log(`types: ${file} as ${options.moduleResolution ?? options.module}`)
}

function useAsCommand () {
  const bin = join(folder, 'node_modules/.bin/nanodet')
  assert.ok(existsSync(bin), 'the command is there')
  const reply = JSON.parse(run('npx', ['nanodet', 'detect', 'photo.jpg', '--json']).trim().split('\n').at(-1))
  assert.deepEqual(reply.detections.map(({ label }) => label), STREET)
  console.log('npx nanodet detect photo.jpg --json')
}
