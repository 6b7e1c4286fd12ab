/** npm run bench: what a photo costs, bare and through the server, and which of two is faster. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runAsProgram, runCommand, UsageError, writeOutput, type Io } from '../cli/command.ts'
import { measureLevel, type Level } from '../cli/load/level.ts'
import { readPhotos, type Photo } from '../cli/load/photos.ts'
import { startServer, type ServerProcess } from '../cli/load/server-process.ts'
import { ProgressBar } from '../cli/progress-bar.ts'
import { HELP, readRequest, type Request, type Sides } from './bench-request.ts'
import { findBuilds } from './builds.ts'
import { compareLoad } from './compare-load.ts'
import { comparePhotos } from './compare-photos.ts'
import { compareStarts } from './compare-starts.ts'
import { readMachine } from './machine.ts'
import type { Measure } from './measure.ts'
import { readNetwork } from './model.ts'
import { toSvg } from './plot.ts'
import { ratiosOf } from './ratios.ts'
import { toMarkdown, versusToMarkdown, type Report, type Versus } from './report.ts'
import { measureStages } from './stages.ts'
import { measureThroughput } from './throughput.ts'

/** Its answers are not counted: they come while the server's code is still being compiled. */
const WARM_UP_SECONDS = 2

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (!request) io.stdout.write(HELP)
    else if (request.sides) await versus(request.sides, request, io)
    else await bench(request, io)
    return 0
  })
}

async function bench (request: Request, io: Io): Promise<void> {
  const report = await measure(request, await readPhotos(request.images), io)
  await output('bench', { json: toJson(report), md: toMarkdown(report), svg: toSvg(report) }, request, io)
}

async function versus (sides: Sides, request: Request, io: Io): Promise<void> {
  const photos = await readPhotos(request.images)
  const machine = readMachine()
  const bar = new ProgressBar(1, io)
  const measures = await bar.during(sides.join(' and '), () => compareSides(sides, photos, request)).finally(() => bar.stop())
  const report: Versus = { machine, photos: photos.length, sides, environment: readEnvironment(request), measures }
  await output('compare', { json: toJson(report), md: versusToMarkdown(report) }, request, io)
}

async function compareSides (sides: Sides, photos: readonly Photo[], request: Request): Promise<Measure[]> {
  const { rounds, clients, starts, turns, turnSeconds: seconds } = request
  if (!comparesServers(request)) return await comparePhotos(sides, photos, rounds)
  const builds = findBuilds(sides)
  if (!builds) throw new UsageError(`--clients and --starts compare builds: ${sides.join(' and ')} are none`)
  const load = clients === undefined ? [] : await compareLoad(builds, photos, { clients, turns, seconds })
  const start = starts === undefined ? [] : await compareStarts(builds, starts)
  return [...load, ...start]
}

/** Whole servers, and not one photo after the other in one worker. */
const comparesServers = ({ clients, starts }: Request): boolean => (clients ?? starts) !== undefined

function readEnvironment (request: Request): Record<string, string> {
  const names = comparesServers(request) ? ['WORKERS', 'THREADS', 'PRECISION'] : ['PRECISION']
  return Object.fromEntries(names.flatMap(name => process.env[name] ? [[name, process.env[name]]] : []))
}

/** A report, by the ending of its file's name. */
interface Forms { readonly json: string, readonly md: string, readonly svg?: string }

/** Prints one form of a report, and writes all of them where that is asked for. */
async function output (name: string, forms: Forms, { out, json }: Pick<Request, 'out' | 'json'>, io: Io): Promise<void> {
  io.stdout.write(json ? forms.json : forms.md)
  if (out === undefined) return
  for (const [ending, content] of Object.entries(forms)) await writeOutput(join(out, `${name}.${ending}`), Buffer.from(content))
}

const toJson = (report: Report | Versus): string => `${JSON.stringify(report, null, 2)}\n`

async function measure (request: Request, photos: readonly Photo[], io: Io): Promise<Report> {
  const { config, rounds, concurrency, turns, turnSeconds } = request
  const machine = readMachine()
  const bar = new ProgressBar(concurrency.length + 3, io)
  const server = await startServer({ DEFAULT_MODEL: config.name, PRELOAD: config.name })
  try {
    const { threads, workers } = server
    const model = await readNetwork(config)
    const stages = await bar.during('bare', () => measureStages(model, photos, { threads, rounds }))
    const levels = await measureLevels(server, request, photos, bar)
    const inTurn = { turns, seconds: turnSeconds }
    const throughput = await bar.during('in turn', () => measureThroughput(server, config.name, photos, inTurn))
    const precision = model.calibration ? 'int8' : 'fp32'
    const setup = { model: config.name, precision, workers, threads, photos: describePhotos(photos) } as const
    return { machine, ...setup, stages, levels, throughput, ratios: ratiosOf(stages, levels, throughput) }
  } finally {
    bar.stop()
    await server.end()
  }
}

const describePhotos = (photos: readonly Photo[]): Report['photos'] =>
  ({ count: photos.length, mean_bytes: photos.reduce((sum, { bytes }) => sum + bytes.length, 0) / photos.length })

async function measureLevels (
  server: ServerProcess, { concurrency, seconds }: Request, photos: readonly Photo[], bar: ProgressBar
): Promise<Level[]> {
  const bytes = photos.map(({ bytes }) => bytes)
  const level = (step: string, clients: number, time: number): Promise<Level> =>
    bar.during(step, () => measureLevel(server, { photos: bytes, concurrency: clients, seconds: time }))
  await level('warm-up', 2 * server.workers, Math.min(WARM_UP_SECONDS, seconds))
  const levels: Level[] = []
  for (const clients of concurrency) levels.push(await level(`${clients} clients`, clients, seconds))
  return levels
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
