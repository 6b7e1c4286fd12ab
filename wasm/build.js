/** Build step: compiles the kernels to dist/wasm. */
import { main } from 'assemblyscript/asc'
import { fileURLToPath } from 'node:url'

const KERNELS = { warp: 'wasm/warp.ts', jpeg: 'wasm/jpeg/decode.ts' }

for (const [name, source] of Object.entries(KERNELS)) {
  const { error, stderr } = await main([
    source, '--outFile', `dist/wasm/${name}.wasm`, '--baseDir', fileURLToPath(new URL('..', import.meta.url)),
    '--optimizeLevel', '3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'
  ])
  if (error) throw new Error(`${source}: ${stderr.toString()}`, { cause: error })
}
