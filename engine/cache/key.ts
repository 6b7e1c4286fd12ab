import { createHash, type Hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { precisionOf, type Artifact } from '../../models/artifact.ts'
import { kernelBits } from '../../models/cpu-flags.ts'
import type { KernelBits } from '../../nn/passes/quantized-kernel.ts'

/** What a compiled network depends on beside its own files. */
export interface Surroundings {
  /** Folder with the project's compiled files. */
  readonly code: string
  /** The version of onnxruntime. */
  readonly onnxruntime: string
  /** Of int8 kernels: all that a graph owes to the CPU. */
  readonly bits: KernelBits
}

/** The code that reads, describes and compiles models. */
const FOLDERS = ['nn', 'backbone', 'neck', 'head', 'models', 'engine/models', 'engine/tasks']

/** Those of this process. */
export const surroundings = (): Surroundings => ({
  code: fileURLToPath(new URL('../../', import.meta.url)),
  onnxruntime: createRequire(import.meta.url)('onnxruntime-node/package.json').version,
  bits: kernelBits()
})

/**
 * A hash of everything that a model's compiled form depends on: its config and files, its precision, the code, onnxruntime, Node's
 * format of messages, the bits of int8 kernels. @throws if a file can't be read
 */
export function cacheKey (artifact: Artifact, { code, onnxruntime, bits } = surroundings()): string {
  const hash = createHash('sha256')
  const { checkpoint, calibration, precision: _, ...description } = artifact
  const { platform, arch, versions: { v8 } } = process
  hash.update(JSON.stringify([description, precisionOf(artifact), onnxruntime, v8, platform, arch, bits]))
  for (const file of FOLDERS.flatMap(folder => filesIn(code, folder))) addFile(hash, file, `${code}/${file}`)
  addFile(hash, 'checkpoint', checkpoint)
  if (calibration !== undefined) addFile(hash, 'calibration', calibration)
  return hash.digest('hex')
}

function addFile (hash: Hash, name: string, path: string): void {
  const bytes = readFileSync(path)
  hash.update(`\n${name} ${bytes.length}\n`).update(bytes)
}

/** Not recursive readdir: Node 20 takes ten times as long. */
function filesIn (code: string, folder: string): string[] {
  const entries = readdirSync(`${code}/${folder}`, { withFileTypes: true })
  return entries.flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesIn(code, path)
    return path.endsWith('.js') ? [path] : []
  }).sort()
}
