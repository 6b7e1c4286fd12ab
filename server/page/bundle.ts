/** Build step: bundles the page into dist/server/page, with a gzipped copy of each text for slow connections. */
import { build } from 'esbuild'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const SOURCES = new URL('../../../server/page/', import.meta.url)
const TARGET = new URL('./', import.meta.url)
const EXAMPLE = new URL('../../../docs/images/street.jpg', import.meta.url)

await build({
  entryPoints: ['app.ts', 'page.css'].map(name => fileURLToPath(new URL(name, SOURCES))),
  outdir: fileURLToPath(TARGET),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning'
})
await copyFile(new URL('index.html', SOURCES), new URL('index.html', TARGET))
await copyFile(EXAMPLE, new URL('street.jpg', TARGET))
for (const name of ['app.js', 'page.css', 'index.html']) {
  await writeFile(new URL(`${name}.gz`, TARGET), gzipSync(await readFile(new URL(name, TARGET)), { level: 9 }))
}
