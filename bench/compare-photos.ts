import { Agent } from 'node:http'
import { interleave } from '../cli/compare.ts'
import { CommandError, UsageError } from '../cli/errors.ts'
import type { Photo } from '../cli/load/photos.ts'
import { send } from '../cli/load/request.ts'
import { startServer } from '../cli/load/server-process.ts'
import { readArtifact } from '../cli/read-model.ts'
import { aboutFile } from '../cli/run-model.ts'
import { findArtifact, type Target } from '../cli/target.ts'
import { detect } from '../engine/tasks/detect.ts'
import { BarePipeline } from './bare-pipeline.ts'
import type { Sides } from './bench-options.ts'
import { findBuilds } from './builds.ts'
import { measureOf, type Measure } from './measure.ts'

/** Detects on single photos. */
interface Side {
  detect (photo: Photo): Promise<unknown>
  close (): Promise<void>
}

const ANSWER_TIMEOUT = 60_000
const WARM_UP_PHOTOS = 5

/** Which models are meant, and how often each photo is run. */
export interface CompareOptions extends Pick<Target, 'modelsDir' | 'precision'> { readonly rounds: number }

/**
 * Times two builds of the project, or two models of this one, photo by photo in turn. Each build serves over HTTP with one worker;
 * models run on this thread, from the photo's bytes to the boxes.
 * @param names two folders with builds; or two models, each MODEL or MODEL=CHECKPOINT
 * @throws UsageError, or CommandError naming what can't be used
 */
export async function comparePhotos (names: Sides, photos: readonly Photo[], options: CompareOptions): Promise<Measure[]> {
  const builds = findBuilds(names)
  const sides: Side[] = []
  try {
    sides.push(builds ? await buildSide(names[0], builds.a) : await modelSide(names[0], options))
    sides.push(builds ? await buildSide(names[1], builds.b) : await modelSide(names[1], options))
    const [a, b] = sides.map(side => overAndOver(side, photos))
    const times = await interleave({ a: a!, b: b! }, options.rounds * photos.length, WARM_UP_PHOTOS)
    return [measureOf('ms per photo', times.a, times.b)]
  } finally {
    await Promise.all(sides.map(side => side.close()))
  }
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

async function modelSide (name: string, { modelsDir, precision }: CompareOptions): Promise<Side> {
  const [model, weights] = name.split(/=(.*)/s)
  const artifact = await findArtifact({ model, weights, modelsDir, precision })
  if (artifact.kind === 'classifier') throw new UsageError(`--compare: expected detectors; ${name} is a classifier`)
  const pipeline = await BarePipeline.load(await detect.prepare(await readArtifact(artifact)), 1)
  return { detect: photo => aboutFile(photo.path, pipeline.detect(photo)), close: () => pipeline.release() }
}

/** Times one photo per call, in a cycle: both sides get the same photo in the same round. */
function overAndOver (side: Side, photos: readonly Photo[]): () => Promise<number> {
  let calls = 0
  return async () => {
    const photo = photos[calls++ % photos.length]!
    const start = performance.now()
    await side.detect(photo)
    return performance.now() - start
  }
}
