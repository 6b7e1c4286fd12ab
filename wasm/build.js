/** Build step: compiles the kernels to dist/wasm. */
import { main } from 'assemblyscript/asc'
import { fileURLToPath } from 'node:url'

const KERNELS = ['warp']

for (const name of KERNELS) {
  const { error, stderr } = await main([
    `wasm/${name}.ts`, '--outFile', `dist/wasm/${name}.wasm`, '--baseDir', fileURLToPath(new URL('..', import.meta.url)),
    '--optimizeLevel', '3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'
  ])
  if (error) throw new Error(`${name}.ts: ${stderr.toString()}`, { cause: error })
}
