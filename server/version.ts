import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The project's version, from package.json. */
export const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

/** The version of onnxruntime that runs the networks, from its package.json. */
export const onnxruntimeVersion = (): string => createRequire(import.meta.url)('onnxruntime-node/package.json').version
