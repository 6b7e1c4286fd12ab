/**
 * A bare pipeline as a process: `THREADS PHOTO…`. It receives a compiled model, like the server's workers, then seconds to
 * run; it answers `ready`, then its results. It never compiles, since a heap full of networks slows down every garbage
 * collection.
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
