/**
 * Build step: bundles the server's programs into dist/start, for `npm start` and the image. Node reads a few files instead of 900,
 * which takes most of the time of a start.
 */
import { build, type Plugin } from 'esbuild'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('../', import.meta.url))
const PROGRAMS = ['bin/nanodet', 'server/main', 'engine/processes/worker', 'engine/processes/loader']
/**
 * The first finds its library beside its files. The others are loaded on demand: esbuild's `import()` of CommonJS loses their names, and
 * optional packages may be missing.
 */
const SEPARATE = [
  'onnxruntime-node', ...['core', 'exporter-trace-otlp-http', 'resources', 'sdk-trace-base'].map(name => `@opentelemetry/${name}`),
  'bullmq', 'ioredis', '@aws-sdk/*'
]
/** CommonJS packages call these. */
const BANNER = `import { createRequire as createRequireOf } from 'node:module'
const require = createRequireOf(import.meta.url)
const here = require('node:path').dirname(require('node:url').fileURLToPath(import.meta.url))`

/** Bundles the programs. @param folder where to; a server may be starting from it: each file is replaced in one step, old ones go last */
export async function bundle (folder: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: PROGRAMS.map(name => `${DIST}${name}.js`),
    entryNames: '[name]',
    outdir: folder,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: BANNER },
    external: SEPARATE,
    plugins: [keepPlaces(folder), requireSharp],
    logLevel: 'warning'
  })
  await mkdir(folder, { recursive: true })
  for (const { path, contents } of outputFiles) await replaceFile(path, contents)
  const written = outputFiles.map(({ path }) => basename(path))
  for (const name of await readdir(folder)) if (!written.includes(name) && !name.startsWith('.')) await rm(join(folder, name), { recursive: true, force: true })
}

async function replaceFile (path: string, contents: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`)
  await writeFile(temporary, contents)
  await rename(temporary, path)
}

/** Files are found from the place of the original. Programs of processes are those of the bundle, beside it. */
const keepPlaces = (folder: string): Plugin => ({
  name: 'keep places',
  setup ({ onLoad }) {
    onLoad({ filter: /\.c?js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const from = (target: string): string => JSON.stringify(relative(folder, target))
      if (/\b__dirname\b/.test(text)) return { contents: `'use strict'; const __dirname = require('node:path').join(here, ${from(dirname(path))});${text}` }
      if (path.includes('/node_modules/') || path.includes('/engine/processes/')) return { contents: text }
      return { contents: text.replaceAll('import.meta.url', `new URL(${from(path)}, import.meta.url).href`) }
    })
  }
})

/** Node 20 loads sharp's CommonJS files twice as fast as its modules. */
const requireSharp: Plugin = {
  name: 'require sharp',
  setup ({ onResolve, onLoad }) {
    onResolve({ filter: /^sharp$/ }, () => ({ path: 'sharp', namespace: 'required' }))
    onLoad({ filter: /^sharp$/, namespace: 'required' }, () => ({ contents: "export default createRequireOf(import.meta.url)('sharp')" }))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(`${DIST}start`)
