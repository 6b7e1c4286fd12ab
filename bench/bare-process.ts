/**
 * A bare pipeline as a process: `THREADS PHOTO…`. It is sent a compiled model, as the server's workers are, then how many seconds to
 * run; it answers `ready`, then what it did. It never compiles: a heap full of networks makes every garbage collection dearer.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { PreparedDetector } from '../engine/tasks/detect-pipeline.ts'
import { BarePipeline } from './bare-pipeline.ts'

const [threads, ...paths] = process.argv.slice(2)
const [model] = await once(process, 'message') as [PreparedDetector]
const photos = await Promise.all(paths.map(async path => ({ path, bytes: await readFile(path) })))
const pipeline = await BarePipeline.load(model, Number(threads))
process.on('message', async (seconds: number) => process.send!(await pipeline.runFor(seconds, photos)))
process.send!('ready')
