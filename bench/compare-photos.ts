import { Agent } from 'node:http'
import { CommandError } from '../cli/command.ts'
import { interleave } from '../cli/compare.ts'
import type { Photo } from '../cli/load/photos.ts'
import { send } from '../cli/load/request.ts'
import { startServer } from '../cli/load/server-process.ts'
import { aboutFile, chooseModel } from '../cli/store.ts'
import { detect } from '../engine/tasks/detect.ts'
import { BarePipeline } from './bare-pipeline.ts'
import type { Sides } from './bench-request.ts'
import { findBuilds } from './builds.ts'
import { measureOf, type Measure } from './measure.ts'
import { readNetwork } from './model.ts'

/** What detects in one photo, and what ends it. */
interface Side {
  detect (photo: Photo): Promise<unknown>
  close (): Promise<void>
}

const ANSWER_TIMEOUT = 60_000
const WARM_UP_PHOTOS = 5

/**
 * Times two builds of the project, or two models of this one, photo by photo in turn. Builds are asked over HTTP, each a server with one
 * worker; models are run on this thread, from the photo's bytes to the boxes.
 * @param names two folders with builds; or two models, each by its name, or by its name and a checkpoint: `NAME=FILE`
 * @param rounds how often each photo is run
 * @throws UsageError, or CommandError naming what can't be used
 */
export async function comparePhotos (names: Sides, photos: readonly Photo[], rounds: number): Promise<Measure[]> {
  const builds = findBuilds(names)
  const sides: Side[] = []
  try {
    const a = await open(names[0], builds?.a, sides)
    const b = await open(names[1], builds?.b, sides)
    const variants = { a: overAndOver(a, photos), b: overAndOver(b, photos) }
    const times = await interleave(variants, rounds * photos.length, WARM_UP_PHOTOS)
    return [measureOf('ms a photo', times.a, times.b)]
  } finally {
    await Promise.all(sides.map(side => side.close()))
  }
}

async function open (name: string, main: string | undefined, sides: Side[]): Promise<Side> {
  const side = main === undefined ? await modelSide(name) : await buildSide(name, main)
  sides.push(side)
  return side
}

async function buildSide (name: string, main: string): Promise<Side> {
  const { base, end } = await startServer({ WORKERS: '1', THREADS: '1' }, main)
  const agent = new Agent({ keepAlive: true })
  return {
    async detect ({ path, bytes }) {
      const { status = 'nothing', code = '' } = await send({ kind: 'photo', body: bytes }, { base, agent, timeout: ANSWER_TIMEOUT })
      if (status !== 200) throw new CommandError(`${path}: ${name} answers ${status} ${code}`)
    },
    async close () { agent.destroy(); await end() }
  }
}

async function modelSide (name: string): Promise<Side> {
  const [model, checkpoint] = name.split(/=(.*)/s)
  const pipeline = await BarePipeline.load(await detect.prepare(await readNetwork(chooseModel(model, checkpoint), checkpoint)), 1)
  return { detect: photo => aboutFile(photo.path, pipeline.detect(photo)), close: () => pipeline.release() }
}

/** Times one photo a call, beginning anew after the last: so both sides get the same one in the same round. */
function overAndOver (side: Side, photos: readonly Photo[]): () => Promise<number> {
  let calls = 0
  return async () => {
    const photo = photos[calls++ % photos.length]!
    const start = performance.now()
    await side.detect(photo)
    return performance.now() - start
  }
}
