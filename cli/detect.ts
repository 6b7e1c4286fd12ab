/** npm run detect: finds objects in photos, prints them, and draws them where asked to. */
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { extname, join, parse, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { annotate } from '../engine/image/annotate.ts'
import { toReply } from '../engine/reply.ts'
import type { DetectOutput, Timed } from '../engine/results.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import type { ModelConfig } from '../models/config.ts'
import { readArguments, runAsProgram, runCommand, UsageError, writeOutput, type Io } from './command.ts'
import { DETECT_HELP, DETECT_OPTIONS, readDetectOptions, readPrecision } from './detect-options.ts'
import { chooseModel, detectFile, MAX_PIXELS, calibrationFor, withModel } from './store.ts'
import { textTable } from './text-table.ts'

const HELP = `Finds objects in photos.

  npm run detect -- photo.jpg [more.jpg ...] [options]

  --out FILE_OR_DIR       draw the objects: FILE.jpg, or DIR/photo.detected.jpg for each photo
${DETECT_HELP}
  --json                  a line of JSON a photo, as POST /detect answers (npm run --silent keeps npm's own lines away)
  --help

Exit code: 0, 1 when a photo failed, 2 when the arguments are wrong.
`

const OPTIONS = {
  ...DETECT_OPTIONS,
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

const COLUMNS = { label: 'left', score: 'right', x1: 'right', y1: 'right', x2: 'right', y2: 'right' } as const

interface Photo { readonly path: string, readonly target: string | undefined }

interface Request {
  readonly photos: readonly Photo[]
  readonly config: ModelConfig
  readonly weights: string | undefined
  readonly calibration: string | undefined
  readonly options: DecodeOptions
  readonly json: boolean
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (request) return await detectAll(request, io)
    io.stdout.write(HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values, positionals } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
  if (values.help) return undefined
  if (positionals.length === 0) throw new UsageError('Expected a photo: npm run detect -- photo.jpg; --help lists the options')
  const config = chooseModel(values.model, values.weights)
  const { weights, out, json } = values
  const calibration = calibrationFor(readPrecision(values.precision), config, weights)
  return { photos: withTargets(positionals, out), config, weights, calibration, options: readDetectOptions(values, config.labels), json }
}

/** Where each photo is drawn to. @throws UsageError where a photo or another drawing would be overwritten */
function withTargets (paths: readonly string[], out: string | undefined): Photo[] {
  if (out === undefined) return paths.map(path => ({ path, target: undefined }))
  const isFile = namesFile(out)
  if (isFile && paths.length > 1) throw new UsageError('--out: expected a directory, for there are several photos')
  const photos = paths.map(path => ({ path, target: isFile ? out : join(out, `${parse(path).name}.detected.jpg`) }))
  const taken = new Set(paths.map(path => resolve(path)))
  for (const { target } of photos) {
    if (taken.has(resolve(target))) throw new UsageError(`--out: ${target} is one of the photos, or would be drawn to twice`)
    taken.add(resolve(target))
  }
  return photos
}

function namesFile (out: string): boolean {
  if (/\.jpe?g$/i.test(out)) return true
  if (extname(out) === '' || statSync(out, { throwIfNoEntry: false })?.isDirectory()) return false
  throw new UsageError(`--out: expected a .jpg file or a directory, found ${out}`)
}

async function detectAll ({ photos, config, weights, calibration, options, json }: Request, io: Io): Promise<number> {
  return await withModel(config, 'detect', { workers: 1, threads: availableParallelism(), weights, calibration }, async lease => {
    let exitCode = 0
    for (const photo of photos) {
      exitCode = Math.max(exitCode, await runCommand(io, async () => {
        const result = await detectFile(lease, photo.path, options)
        if (photo.target !== undefined) await draw(photo.target, result)
        io.stdout.write(json ? `${JSON.stringify({ file: photo.path, ...toReply(config.name, result) })}\n` : toText(photo, result))
        return 0
      }))
    }
    return exitCode
  })
}

async function draw (target: string, { bytes, objects }: Timed<DetectOutput> & { bytes: Buffer }): Promise<void> {
  await writeOutput(target, await annotate(bytes, objects, { maxPixels: MAX_PIXELS }))
}

function toText ({ path, target }: Photo, { image, objects, times }: Timed<DetectOutput>): string {
  const rows = objects.map(({ label, score, box }) => [label, score.toFixed(2), ...box.map(value => value.toFixed(1))])
  const steps = Object.entries(times).map(([step, ms]) => `${step} ${ms.toFixed(1)}`).join(', ')
  const lines = [`${path}: ${image.width}×${image.height}, ${objects.length} ${objects.length === 1 ? 'object' : 'objects'}; ms: ${steps}`]
  if (objects.length > 0) lines.push(textTable(COLUMNS, rows))
  if (target !== undefined) lines.push(`drawn to ${target}`)
  return `${lines.join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
