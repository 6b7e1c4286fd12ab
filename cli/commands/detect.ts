import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { extname, join, parse, resolve } from 'node:path'
import { z } from 'zod'
import { toReply } from '../../engine/reply.ts'
import type { DetectOutput, Timed } from '../../engine/results.ts'
import { command } from '../command.ts'
import { DECODE_OPTIONS, toDecodeOptions } from '../decode-options.ts'
import { UsageError } from '../errors.ts'
import { forEach } from '../for-each.ts'
import { writeOutput } from '../files.ts'
import { OUTPUT_OPTIONS, text } from '../options.ts'
import { detectFile, MAX_PIXELS, withModel } from '../run-model.ts'
import { findArtifact, MODEL_OPTIONS, PRECISION_OPTION } from '../target.ts'
import { textTable } from '../text-table.ts'

const COLUMNS = { label: 'left', score: 'right', x1: 'right', y1: 'right', x2: 'right', y2: 'right' } as const

interface Photo { readonly path: string, readonly target: string | undefined }

/** Finds objects in photos, prints them, and draws them on request. */
export const detect = command({
  name: 'detect',
  summary: 'Find objects in photos',
  args: { usage: 'PHOTO...', schema: z.array(z.string()).min(1, 'Expected a photo') },
  options: {
    ...MODEL_OPTIONS,
    ...PRECISION_OPTION,
    ...DECODE_OPTIONS,
    out: text('PATH', 'Draw the boxes: FILE.jpg for one photo, or DIR for DIR/PHOTO.detected.jpg').optional(),
    ...OUTPUT_OPTIONS
  },
  details: 'With --json, prints one line per photo, in the format of POST /detect. A photo that fails does not stop the others.',
  examples: ['nanodet detect street.jpg --out boxes.jpg', 'nanodet detect *.jpg --model my.yml --json'],
  async run ({ options, args }, io) {
    const photos = withTargets(args, options.out)
    const artifact = await findArtifact(options)
    const decodeOptions = toDecodeOptions(options, artifact.config.labels)
    return await withModel(artifact, 'detect', { workers: 1, threads: availableParallelism() }, lease =>
      forEach(photos, io, async photo => {
        const result = await detectFile(lease, photo.path, decodeOptions)
        if (photo.target !== undefined) await draw(photo.target, result)
        return options.json ? toJson(photo, artifact.name, result) : toText(photo, result)
      }))
  }
})

const toJson = (photo: Photo, model: string, result: Timed<DetectOutput>): string =>
  `${JSON.stringify({ file: photo.path, ...toReply(model, result) })}\n`

/** Where each photo is drawn to. @throws UsageError if a photo or another drawing would be overwritten */
function withTargets (paths: readonly string[], out: string | undefined): Photo[] {
  if (out === undefined) return paths.map(path => ({ path, target: undefined }))
  const isFile = namesFile(out)
  if (isFile && paths.length > 1) throw new UsageError('--out: expected a directory, since there are several photos')
  const photos = paths.map(path => ({ path, target: isFile ? out : join(out, `${parse(path).name}.detected.jpg`) }))
  const taken = new Set(paths.map(path => resolve(path)))
  for (const { target } of photos) {
    if (taken.has(resolve(target))) throw new UsageError(`--out: ${target} is one of the photos, or would be written twice`)
    taken.add(resolve(target))
  }
  return photos
}

function namesFile (out: string): boolean {
  if (/\.jpe?g$/i.test(out)) return true
  if (extname(out) === '' || statSync(out, { throwIfNoEntry: false })?.isDirectory()) return false
  throw new UsageError(`--out: expected a .jpg file or a directory, found ${out}`)
}

async function draw (target: string, { bytes, objects }: Timed<DetectOutput> & { bytes: Buffer }): Promise<void> {
  const { annotate } = await import('../../engine/image/annotate.ts') // loads sharp
  await writeOutput(target, await annotate(bytes, objects, { maxPixels: MAX_PIXELS }))
}

function toText ({ path, target }: Photo, { image, objects, times }: Timed<DetectOutput>): string {
  const rows = objects.map(({ label, score, box }) => [label, score.toFixed(2), ...box.map(value => value.toFixed(1))])
  const steps = Object.entries(times).map(([step, ms]) => `${step} ${ms.toFixed(1)}`).join(', ')
  const count = `${objects.length} ${objects.length === 1 ? 'object' : 'objects'}`
  const lines = [`${path}: ${image.width}×${image.height}, ${count}; ms: ${steps}`]
  if (objects.length > 0) lines.push(textTable(COLUMNS, rows))
  if (target !== undefined) lines.push(`drawn to ${target}`)
  return `${lines.join('\n')}\n`
}
