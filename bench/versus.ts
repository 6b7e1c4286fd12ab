import { existsSync } from 'node:fs'
import { Agent } from 'node:http'
import { join, resolve } from 'node:path'
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import { Pipeline } from '../engine/tasks/detect.ts'
import { CommandError, UsageError } from '../cli/command.ts'
import type { Photo } from './soak/images.ts'
import { send } from './soak/request.ts'
import { startServer } from './soak/server-process.ts'
import { aboutFile, chooseModel, MAX_PIXELS, readStateDict } from '../cli/store.ts'
import { compare, type Comparison } from './compare.ts'

/** What detects in one photo, and what ends it. */
interface Side {
  detect (photo: Photo): Promise<unknown>
  close (): Promise<void>
}

const ANSWER_TIMEOUT = 60_000

/**
 * Times two builds of the project, or two models of this one, photo by photo in turn. Builds are asked over HTTP, each a server with one
 * worker; models are run on this thread, from the file to the boxes.
 * @param names two folders with builds; or two models, each by its name, or by its name and a checkpoint: `NAME=FILE`
 * @param rounds how often each photo is run
 * @throws UsageError, or CommandError naming what can't be used
 */
export async function compareSides (names: readonly string[], photos: readonly Photo[], rounds: number): Promise<Comparison[]> {
  const builds = names.map(mainOf)
  const areMixed = builds.includes(undefined) && builds.some(main => main !== undefined)
  if (areMixed) throw new UsageError(`--compare: ${names.join(' and ')}: one is a build, one is not`)
  const sides: Side[] = []
  try {
    for (const [i, name] of names.entries()) sides.push(builds[i] === undefined ? await modelSide(name) : await buildSide(name, builds[i]))
    const variants = sides.map((side, i) => [`${'AB'[i]}: ${names[i]}`, overAndOver(side, photos)] as const)
    return await compare(Object.fromEntries(variants), rounds * photos.length)
  } finally {
    await Promise.all(sides.map(side => side.close()))
  }
}

/** The server of a build; undefined where the name is no folder with one. */
function mainOf (name: string): string | undefined {
  const main = resolve(join(name, 'server/main.js'))
  return existsSync(main) ? main : undefined
}

async function buildSide (name: string, main: string): Promise<Side> {
  const { base, kill } = await startServer({ WORKERS: '1', THREADS: '1' }, main)
  const agent = new Agent({ keepAlive: true })
  return {
    async detect ({ path, bytes }) {
      const { status = 'nothing', code = '' } = await send({ kind: 'photo', body: bytes }, { base, agent, timeout: ANSWER_TIMEOUT })
      if (status !== 200) throw new CommandError(`${path}: ${name} answers ${status} ${code}`)
    },
    async close () { agent.destroy(); kill('SIGKILL') }
  }
}

async function modelSide (name: string): Promise<Side> {
  const [model, checkpoint] = name.split(/=(.*)/s)
  const config = chooseModel(model, checkpoint)
  const pipeline = await Pipeline.load({ kind: 'detector', config, stateDict: await readStateDict(config, checkpoint) }, 1)
  return {
    detect: ({ path, bytes }) => aboutFile(path, pipeline.detect({ bytes, maxPixels: MAX_PIXELS }, DEFAULT_OPTIONS)),
    close: () => pipeline.release()
  }
}

/** One photo a call, beginning anew after the last: so all sides get the same one in the same round. */
function overAndOver (side: Side, photos: readonly Photo[]): () => Promise<unknown> {
  let calls = 0
  return () => side.detect(photos[calls++ % photos.length]!)
}
