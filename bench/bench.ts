import { join } from 'node:path'
import { z } from 'zod'
import { command, type Request } from '../cli/command.ts'
import { UsageError } from '../cli/errors.ts'
import { writeOutput } from '../cli/files.ts'
import type { Io } from '../cli/io.ts'
import { measureLevel, type Level } from '../cli/load/level.ts'
import { readPhotos, type Photo } from '../cli/load/photos.ts'
import { servedModel } from '../cli/load/served-model.ts'
import { startServer, type ServerProcess } from '../cli/load/server-process.ts'
import { ProgressBar } from '../cli/progress-bar.ts'
import { readArtifact } from '../cli/read-model.ts'
import { precisionOf } from '../models/artifact.ts'
import { BENCH_OPTIONS, readSides, type Sides } from './bench-options.ts'
import { findBuilds } from './builds.ts'
import { compareLoad } from './compare-load.ts'
import { comparePhotos } from './compare-photos.ts'
import { compareStarts } from './compare-starts.ts'
import { readMachine } from './machine.ts'
import type { Measure } from './measure.ts'
import { toSvg } from './plot.ts'
import { ratiosOf } from './ratios.ts'
import { toMarkdown, versusToMarkdown, type Report, type Versus } from './report.ts'
import { measureStages } from './stages.ts'
import { measureThroughput } from './throughput.ts'

/** These answers do not count: the server's code is still being compiled. */
const WARM_UP_SECONDS = 2

type Options = Request<typeof BENCH_OPTIONS, unknown>['options']

/** Measures the cost of a photo, and compares models or builds. */
export const bench = command({
  name: 'bench',
  summary: 'Measure speed, or compare the speed of two models or builds',
  args: { usage: '[--compare A B]', schema: z.array(z.string()) },
  options: BENCH_OPTIONS,
  details: `Measures the cost of a photo: stage by stage on one thread; through the server with more and more concurrent clients; \
and through the server in turn with as many bare pipelines as it has workers. With --compare, measures two models or builds in turn; \
a model is MODEL, or MODEL=CHECKPOINT.

The command starts the server on a free port of 127.0.0.1; environment variables configure it: WORKERS=1 THREADS=2 nanodet bench. \
Load comes from a thread of this process, on the same cores; its share of them is measured too.`,
  examples: ['nanodet bench --out results', 'nanodet bench --compare nanodet-m-416 my.yml --images photos'],
  async run ({ options, args }, io) {
    const sides = readSides(options, args)
    const photos = await readPhotos(options.images)
    await (sides ? runVersus(sides, photos, options, io) : runBench(photos, options, io))
  }
})

async function runBench (photos: readonly Photo[], options: Options, io: Io): Promise<void> {
  const report = await measure(options, photos, io)
  await output('bench', { json: toJson(report), md: toMarkdown(report), svg: toSvg(report) }, options, io)
}

async function runVersus (sides: Sides, photos: readonly Photo[], options: Options, io: Io): Promise<void> {
  const machine = readMachine()
  const bar = new ProgressBar(1, io)
  const measures = await bar.during(sides.join(' and '), () => compareSides(sides, photos, options)).finally(() => bar.stop())
  const report: Versus = { machine, photos: photos.length, sides, environment: readEnvironment(options), measures }
  await output('compare', { json: toJson(report), md: versusToMarkdown(report) }, options, io)
}

async function compareSides (sides: Sides, photos: readonly Photo[], options: Options): Promise<Measure[]> {
  const { clients, starts, turns, turnSeconds: seconds } = options
  if (!comparesServers(options)) return await comparePhotos(sides, photos, options)
  const builds = findBuilds(sides)
  if (!builds) throw new UsageError(`--clients and --starts compare builds: ${sides.join(' and ')} are not folders with builds`)
  const load = clients === undefined ? [] : await compareLoad(builds, photos, { clients, turns, seconds })
  const start = starts === undefined ? [] : await compareStarts(builds, starts)
  return [...load, ...start]
}

/** Whole servers, instead of single photos in one worker. */
const comparesServers = ({ clients, starts }: Pick<Options, 'clients' | 'starts'>): boolean => (clients ?? starts) !== undefined

function readEnvironment (options: Options): Record<string, string> {
  const names = comparesServers(options) ? ['WORKERS', 'THREADS', 'PRECISION'] : ['PRECISION']
  return Object.fromEntries(names.flatMap(name => process.env[name] ? [[name, process.env[name]]] : []))
}

/** A report by file extension. */
interface Forms { readonly json: string, readonly md: string, readonly svg?: string }

/** Prints one form of a report, and writes all of them to `out`. */
async function output (name: string, forms: Forms, { out, json }: Pick<Options, 'out' | 'json'>, io: Io): Promise<void> {
  io.stdout.write(json ? forms.json : forms.md)
  if (out === undefined) return
  for (const [extension, content] of Object.entries(forms)) await writeOutput(join(out, `${name}.${extension}`), content)
}

const toJson = (report: Report | Versus): string => `${JSON.stringify(report, null, 2)}\n`

async function measure (options: Options, photos: readonly Photo[], io: Io): Promise<Report> {
  const { rounds, concurrency, turns, turnSeconds } = options
  const machine = readMachine()
  const { artifact, env } = await servedModel(options)
  const bar = new ProgressBar(concurrency.length + 3, io)
  const server = await startServer({ ...env, MAX_QUEUE_WAIT: '0' }) // all clients wait for their turn
  try {
    const { threads, workers } = server
    const model = await readArtifact(artifact)
    const stages = await bar.during('bare', () => measureStages(model, photos, { threads, rounds }))
    const levels = await measureLevels(server, options, photos, bar)
    const inTurn = { turns, seconds: turnSeconds }
    const throughput = await bar.during('in turn', () => measureThroughput(server, model, photos, inTurn))
    const setup = { model: artifact.name, precision: precisionOf(artifact), workers, threads, photos: describePhotos(photos) } as const
    return { machine, ...setup, stages, levels, throughput, ratios: ratiosOf(stages, levels, throughput) }
  } finally {
    bar.stop()
    await server.end()
  }
}

const describePhotos = (photos: readonly Photo[]): Report['photos'] =>
  ({ count: photos.length, mean_bytes: photos.reduce((sum, { bytes }) => sum + bytes.length, 0) / photos.length })

async function measureLevels (
  server: ServerProcess, { concurrency, seconds }: Options, photos: readonly Photo[], bar: ProgressBar
): Promise<Level[]> {
  const bytes = photos.map(({ bytes }) => bytes)
  const level = (step: string, clients: number, time: number): Promise<Level> =>
    bar.during(step, () => measureLevel(server, { photos: bytes, concurrency: clients, seconds: time }))
  await level('warm-up', 2 * server.workers, Math.min(WARM_UP_SECONDS, seconds))
  const levels: Level[] = []
  for (const clients of concurrency) levels.push(await level(`${clients} clients`, clients, seconds))
  return levels
}
