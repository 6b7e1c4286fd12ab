/**
 * node build.js [FILE [ARGUMENT...]]: builds dist/ if a source changed, then runs a compiled file in the same process.
 * In `npm start` it takes the shell's place, so a signal to npm reaches the program, and no process is left.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SIGNALS = ['SIGINT', 'SIGTERM']
const STEPS = [
  'node_modules/typescript/bin/tsc', 'wasm/build.js', 'dist/models/convert.js', 'dist/engine/cache/fill.js', 'dist/server/page/bundle.js',
  'dist/bin/bundle.js'
]
/** What bin/bundle.ts makes; it removes what is old itself. */
const BUNDLES = 'dist/start/'
/** Holds the fingerprint of the sources that dist/ was built from. */
const STAMP = 'dist/.built'
const pathOf = file => fileURLToPath(new URL(file, import.meta.url))
const readText = file => readFileSync(pathOf(file), 'utf8')

const sources = listSources()
const fingerprint = fingerprintOf(sources)
if (!existsSync(pathOf(STAMP)) || readText(STAMP) !== fingerprint) await build()
const [, , file] = process.argv
if (file !== undefined) {
  process.argv.splice(1, 2, pathOf(file))
  await import(new URL(file, import.meta.url))
}

async function build () {
  if (process.stderr.isTTY) process.stderr.write('Building; this takes up to a minute\n')
  for (const file of STEPS) await run(file)
  removeOrphans()
  writeFileSync(pathOf(STAMP), fingerprint)
}

/** The files that dist/ is made from. */
function listSources () {
  const folders = JSON.parse(readText('tsconfig.json')).include.filter(folder => existsSync(pathOf(folder))) // images lack test/
  const files = ['build.js', 'package.json', 'package-lock.json', 'tsconfig.json'].filter(file => existsSync(pathOf(file)))
  return [...files, ...[...folders, 'wasm'].flatMap(filesIn)]
}

function filesIn (folder) {
  const entries = readdirSync(pathOf(folder), { recursive: true, withFileTypes: true })
  const prefix = pathOf('.').length
  return entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`.slice(prefix))
}

/** Paths, sizes and times of change: reading 500 files would take longer than their state. */
function fingerprintOf (files) {
  const lines = files.map(file => {
    const { size, mtimeMs } = statSync(pathOf(file))
    return `${file} ${size} ${mtimeMs}\n`
  })
  return createHash('sha256').update(lines.sort().join('')).digest('hex')
}

/** Removes what the compiler made of sources that are gone. */
function removeOrphans () {
  const known = new Set(sources)
  for (const file of filesIn('dist').filter(file => !file.startsWith(BUNDLES))) {
    const source = file.slice('dist/'.length).replace(/\.(d\.ts|js|js\.map)$/, '.ts')
    if (source.endsWith('.ts') && !known.has(source)) rmSync(pathOf(file))
  }
}

/** Runs a step. If it fails, this process ends the same way; if this process is to end, the step ends first. */
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
