import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { rounded } from '../../engine/numbers.ts'
import { toTiming } from '../../engine/reply.ts'
import type { ClassifyOutput, Timed } from '../../engine/results.ts'
import { command } from '../command.ts'
import { readInput } from '../files.ts'
import { forEach } from '../for-each.ts'
import { OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { aboutFile, MAX_PIXELS, withModel } from '../run-model.ts'
import { findArtifact, MODEL_OPTIONS } from '../target.ts'
import { textTable } from '../text-table.ts'

const DEFAULT_TOP = 5
const MAX_TOP = 100_000

/** Classifies photos with a classifier of the user's. */
export const classify = command({
  name: 'classify',
  summary: 'Classify photos with your classifier',
  args: { usage: 'PHOTO...', schema: z.array(z.string()).min(1, 'Expected a photo') },
  options: {
    ...MODEL_OPTIONS,
    model: text('MODEL', 'Your classifier: its name in the folder of models, or the path of its config or .onnx file'),
    top: wholeNumber(1, MAX_TOP, 'Number of classes per photo, highest score first').default(DEFAULT_TOP),
    ...OUTPUT_OPTIONS
  },
  details: 'No classifier is built in; docs/bring-your-own-model.md explains how to describe yours. With --json, prints one line ' +
    'per photo, in the format of POST /classify. A photo that fails does not stop the others.',
  examples: [
    'nanodet classify bird.jpg --model birds.json',
    'nanodet classify *.jpg --model birds --models-dir models --json'
  ],
  async run ({ options, args }, io) {
    const artifact = await findArtifact(options)
    return await withModel(artifact, 'classify', { workers: 1, threads: availableParallelism() }, lease =>
      forEach(args, io, async path => {
        const input = { bytes: await readInput(path), maxPixels: MAX_PIXELS, topK: options.top }
        const result = await aboutFile(path, lease.run(input))
        return options.json ? toJson(path, artifact.name, result) : toText(path, result)
      }))
  }
})

function toJson (file: string, model: string, { image, classes, times }: Timed<ClassifyOutput>): string {
  const { width, height } = image
  const shown = classes.map(({ label, classId, score }) => ({ label, class_id: classId, score: rounded(score, 4) }))
  return `${JSON.stringify({ file, model, image: { width, height }, classes: shown, timing: toTiming(times) })}\n`
}

function toText (path: string, { image: { width, height }, classes }: Timed<ClassifyOutput>): string {
  const rows = classes.map(({ label, score }) => [label, score.toFixed(4)])
  const table = textTable({ label: 'left', score: 'right' }, rows)
  return `${path}: ${width}×${height}\n${table}\n`
}
