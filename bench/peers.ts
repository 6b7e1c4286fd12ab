import { join } from 'node:path'
import { command, type Request } from '../cli/command.ts'
import { CommandError, UsageError } from '../cli/errors.ts'
import { writeOutput } from '../cli/files.ts'
import type { Io } from '../cli/io.ts'
import { IMAGES_OPTION, readPhotos, type Photo } from '../cli/load/photos.ts'
import { servedModel } from '../cli/load/served-model.ts'
import { startServer, type ServerProcess } from '../cli/load/server-process.ts'
import { OUTPUT_OPTIONS, text, wholeNumber } from '../cli/options.ts'
import { ProgressBar } from '../cli/progress-bar.ts'
import { readArtifact } from '../cli/read-model.ts'
import { MODEL_OPTIONS } from '../cli/target.ts'
import { precisionsOf } from '../models/artifact.ts'
import type { Precision } from '../models/calibration-table.ts'
import { hasOwnSize } from '../models/resize-mode.ts'
import { cpuFlags } from '../models/cpu-flags.ts'
import { readMachine } from './machine.ts'
import { candidatesFor } from './peers/candidates.ts'
import { costOf } from './peers/costs.ts'
import { jpegToBoxes } from './peers/jpeg-to-boxes.ts'
import { bareName } from './peers/names.ts'
import { runPeers, stepsOf, type Outcome } from './peers/outcomes.ts'
import { peersToMarkdown, type PeersReport } from './peers/report.ts'
import { writeSetup } from './peers/setup.ts'
import { BUSY_CLIENTS } from './throughput.ts'

const MAX_TURNS = 10_000

const OPTIONS = {
  ...MODEL_OPTIONS,
  ...IMAGES_OPTION,
  turns: wholeNumber(1, MAX_TURNS, 'Turns of each').default(12),
  turnPhotos: wholeNumber(1, MAX_TURNS, 'Photos per turn').default(32),
  python: text('PROGRAM', 'Python with OpenCV; by default the first of python3 and /usr/bin/python3 that has it').optional(),
  ncnn: text('PROGRAM', 'benchncnn, or a program with its arguments and output; needs --ncnn-param').optional(),
  ncnnParam: text('FILE', 'The network in ncnn\'s format (.param), for --ncnn').optional(),
  out: text('DIR', 'Write peers.json and peers.md').optional(),
  ...OUTPUT_OPTIONS
} as const

type Options = Request<typeof OPTIONS, unknown>['options']

/** Compares the server with other programs that run the same network. */
export const peers = command({
  name: 'bench peers',
  summary: 'Compare CPU times with onnxruntime, OpenCV and ncnn',
  options: OPTIONS,
  details: `Runs the same photos in turn through the server with one client and under load, the bare pipeline, onnxruntime on the plain export, \
OpenCV's DNN module if Python has it, and ncnn if --ncnn names its benchmark. Prints CPU times per photo, one thread each, and ratios.

benchncnn runs as: PROGRAM LOOPS 1 0 -1 0 param=FILE shape=[WIDTH,HEIGHT,3]. It times the network only, by the clock.`,
  examples: ['nanodet bench peers --images photos --out results', 'nanodet bench peers --ncnn ./benchncnn --ncnn-param nanodet_m.param'],
  async run ({ options }, io) {
    if ((options.ncnn === undefined) !== (options.ncnnParam === undefined)) throw new UsageError('--ncnn and --ncnn-param need each other')
    const report = await measure(options, await readPhotos(options.images), io)
    const json = `${JSON.stringify(report, null, 2)}\n`
    const md = peersToMarkdown(report)
    io.stdout.write(options.json ? json : md)
    if (options.out === undefined) return
    await writeOutput(join(options.out, 'peers.json'), json)
    await writeOutput(join(options.out, 'peers.md'), md)
  }
})

async function measure (options: Options, photos: readonly Photo[], io: Io): Promise<PeersReport> {
  const machine = readMachine()
  const { artifact, env } = await servedModel({ ...options, precision: 'fp32' })
  if (artifact.kind !== 'detector') throw new UsageError(`--model: peers run NanoDet networks, not ${artifact.name}`)
  if (hasOwnSize(artifact.config.resizeMode)) throw new UsageError(`--model: the input size of ${artifact.name} depends on the photo`)
  const precisions = precisionsOf(artifact)
  const { turns, turnPhotos: turn } = options
  const folder = await writeSetup(await readArtifact(artifact), precisions, photos)
  const servers = await startServers(precisions, env)
  try {
    const clients = Math.max(BUSY_CLIENTS, 2 * servers.fp32!.workers)
    const candidates = candidatesFor({ ...options, folder, servers, photos, clients, turn, input: artifact.config.input })
    const bar = new ProgressBar(stepsOf(candidates.length, turns), io)
    const outcomes = await runPeers(candidates, turns, bar).finally(() => bar.stop())
    return {
      machine,
      cpu_flags: cpuFlags(),
      versions: Object.assign({}, ...outcomes.map(({ ready }) => ready.versions)),
      model: artifact.name,
      photos: photos.length,
      turns,
      photos_per_turn: turn,
      workers: servers.fp32!.workers,
      peers: outcomes.map(outcome => costOf(outcome, referenceOf(outcomes))),
      jpeg_to_boxes: jpegToBoxes(outcomes, { model: artifact.name, clients })
    }
  } finally {
    await Promise.all(Object.values(servers).map(server => server.end()))
  }
}

type Servers = Partial<Record<Precision, ServerProcess>>

/** One per precision, with workers of one thread. */
async function startServers (precisions: readonly Precision[], env: Record<string, string>): Promise<Servers> {
  const servers: Servers = {}
  for (const precision of precisions) servers[precision] = await startServer({ ...env, THREADS: '1', PRECISION: precision })
  return servers
}

/** @throws CommandError if the bare pipeline, which the others are compared with, failed */
function referenceOf (outcomes: readonly Outcome[]): Outcome {
  const reference = outcomes.find(({ name }) => name === bareName('fp32'))!
  if (reference.problem !== undefined) throw new CommandError(`${reference.name}: ${reference.problem}`)
  return reference
}
