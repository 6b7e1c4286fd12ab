/** A bare pipeline as a process: `MODEL THREADS PHOTO…`. It is sent how many seconds to run, and answers with what it did. */
import { readInput } from '../cli/command.ts'
import { chooseModel } from '../cli/store.ts'
import { BarePipeline } from './bare-pipeline.ts'
import { readNetwork } from './model.ts'

const [model, threads, ...paths] = process.argv.slice(2)
const photos = await Promise.all(paths.map(async path => ({ path, bytes: await readInput(path) })))
const pipeline = await BarePipeline.load(await readNetwork(chooseModel(model)), Number(threads))
process.on('message', async (seconds: number) => process.send!(await pipeline.runFor(seconds, photos)))
process.send!('ready')
