import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { labelId } from '../../engine/explain/label-id.ts'
import { explainedLayers } from '../../engine/explain/layers.ts'
import type { Lease } from '../../engine/lease.ts'
import { toReply } from '../../engine/reply.ts'
import type { ExplainInput } from '../../engine/results.ts'
import type { Box } from '../../head/decode/boxes.ts'
import { camTarget } from '../cam-target.ts'
import { command } from '../command.ts'
import { DECODE_OPTIONS, toDecodeOptions } from '../decode-options.ts'
import { UsageError } from '../errors.ts'
import { describeExplanation, type ExplainedPhoto } from '../explanation-text.ts'
import { readInput } from '../files.ts'
import { forEach } from '../for-each.ts'
import { OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { aboutFile, MAX_PIXELS, withModel } from '../run-model.ts'
import { findArtifact, MODEL_OPTIONS, PRECISION_OPTION } from '../target.ts'

const REGION = /^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$/
const DEFAULT_TOP = 10

const regionSchema = z.string('expected x1,y1,x2,y2').regex(REGION, 'expected x1,y1,x2,y2')
  .transform(text => text.split(',').map(Number) as unknown as Box)
  .refine(([x1, y1, x2, y2]) => x1 < x2 && y1 < y2, 'expected x1 < x2 and y1 < y2')
  .meta({ value: 'X1,Y1,X2,Y2', description: 'Also explain a place, in pixels of the photo as displayed' })

/** Prints how detections came about, and why others did not. */
export const explain = command({
  name: 'explain',
  summary: 'Explain why objects were detected or missed',
  args: { usage: 'PHOTO...', schema: z.array(z.string()).min(1, 'Expected a photo') },
  options: {
    ...MODEL_OPTIONS,
    ...PRECISION_OPTION,
    region: regionSchema.optional(),
    label: text('LABEL', 'The label that is expected in the region (default any)').optional(),
    for: text('DETECTION', 'Also show which cells raised the score of a detection: its number, 0 for the best, or a label').optional(),
    top: wholeNumber(1, 1000, 'Number of candidates to print, highest score first').default(DEFAULT_TOP),
    ...DECODE_OPTIONS,
    ...OUTPUT_OPTIONS
  },
  details: 'With --json, prints one line per photo, in the format of POST /explain. A photo that fails does not stop the others.',
  examples: ['nanodet explain street.jpg', 'nanodet explain street.jpg --region 258,298,282,322 --label \'stop sign\''],
  async run ({ options, args }, io) {
    const { region: box, label, top, json } = options
    if (label !== undefined && !box) throw new UsageError('--label: expected together with --region')
    const artifact = await findArtifact(options)
    const { labels } = artifact.config
    const decodeOptions = toDecodeOptions(options, labels)
    const region = box && { box, classId: label === undefined ? undefined : expectedClass(label, labels, decodeOptions.classes) }
    const target = options.for === undefined ? undefined : camTarget(options.for, labels)
    return await withModel(artifact, 'explain', { workers: 1, threads: availableParallelism() }, lease =>
      forEach(args, io, async photo => {
        const layers = explainedLayers(lease.model.layers)
        const explained = await explainFile(lease, photo, { options: decodeOptions, layers, region, target })
        return json ? `${JSON.stringify(explained)}\n` : describeExplanation(explained, top)
      }))
  }
})

/** @throws UsageError if the model does not have the label, or --classes excludes it */
function expectedClass (label: string, labels: readonly string[], classes: readonly number[] | undefined): number {
  const id = idOf(label, labels)
  if (classes?.includes(id) ?? true) return id
  throw new UsageError('--label: expected one of --classes')
}

function idOf (label: string, labels: readonly string[]): number {
  try {
    return labelId(label, labels)
  } catch (error) {
    throw new UsageError(`--label: ${(error as Error).message}`)
  }
}

/** The reply of POST /explain, and the file's name. @throws CommandError naming the file */
async function explainFile (lease: Lease<'explain'>, file: string, input: Omit<ExplainInput, 'bytes' | 'maxPixels'>): Promise<ExplainedPhoto> {
  const bytes = await readInput(file)
  const output = await aboutFile(file, lease.run({ bytes, maxPixels: MAX_PIXELS, ...input }))
  return { file, ...toReply(lease.model.name, output), ...JSON.parse(String(Buffer.concat(output.body))) }
}
