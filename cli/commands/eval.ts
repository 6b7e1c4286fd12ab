import { join } from 'node:path'
import type { Artifact } from '../../models/artifact.ts'
import { isDetector } from '../../models/kinds/kinds.ts'
import { command } from '../command.ts'
import { UsageError } from '../errors.ts'
import { classifierFiles, classifierJson, classifierText } from '../eval/classifier-report.ts'
import { FORMATS, readDataset, type Format } from '../eval/dataset.ts'
import { detectorFiles, detectorJson, detectorText } from '../eval/detector-report.ts'
import { readLabeledImages } from '../eval/labeled-images.ts'
import { measureClassifier } from '../eval/measure-classifier.ts'
import { measureDetector } from '../eval/measure-detector.ts'
import { writeOutput } from '../files.ts'
import type { Io } from '../io.ts'
import { choice, OUTPUT_OPTIONS, text } from '../options.ts'
import { findArtifact, MODEL_OPTIONS, PRECISION_OPTION } from '../target.ts'

const ANNOTATIONS = 'Detectors: COCO\'s .json file, a folder with YOLO labels or Pascal VOC XML files, data.yaml, or an export of Label Studio or CVAT. ' +
  'Classifiers: a list of files and classes; without it, one folder per class in the image folder'

interface Options {
  readonly images: string
  readonly annotations?: string | undefined
  readonly format?: Format | undefined
  readonly classNames?: string | undefined
  readonly out?: string | undefined
  readonly detections?: string | undefined
  readonly json: boolean
}

/** Measures the accuracy of a model on labeled images. */
export const evaluate = command({
  name: 'eval',
  summary: 'Measure the accuracy of a model on labeled images',
  options: {
    images: text('DIR', 'Folder with the images'),
    annotations: text('PATH', ANNOTATIONS).optional(),
    format: choice(FORMATS, 'Format of the annotations, if it is not obvious').optional(),
    classNames: text('NAMES', 'Class names of YOLO labels: a file, or names separated by commas').optional(),
    ...MODEL_OPTIONS,
    ...PRECISION_OPTION,
    out: text('DIR', 'Write a report there: metrics, a table of classes, plots').optional(),
    detections: text('FILE', 'Write the detections in COCO\'s results format').optional(),
    ...OUTPUT_OPTIONS
  },
  details: 'Detectors: average precision (AP) and recall (AR) as pycocotools defines them. ' +
    'Classifiers: top-1 and top-5 accuracy. Classes are matched by name. ' +
    'docs/eval.md explains the formats and the report.',
  examples: [
    'nanodet eval --images val2017 --annotations instances_val2017.json',
    'nanodet eval --images data/images/val --annotations data.yaml --model my.yml --out report',
    'nanodet eval --images photos --model my-classifier.json'
  ],
  async run ({ options }, io) {
    const artifact = await findArtifact(options)
    if (isDetector(artifact)) await evaluateDetector(artifact, options, io)
    else await evaluateClassifier(artifact, options, io)
  }
})

async function evaluateDetector (artifact: Artifact, options: Options, io: Io): Promise<void> {
  const { images, annotations, format, classNames, out, detections, json } = options
  if (annotations === undefined) {
    throw new UsageError(`--annotations: expected a file or a folder, since ${artifact.name} is a detector`)
  }
  const dataset = await readDataset({ images, annotations, format, classNames, fallback: artifact.config.labels })
  const scores = await measureDetector(artifact, dataset, images, io)
  io.stdout.write(json ? `${JSON.stringify(detectorJson(scores))}\n` : detectorText(scores))
  if (detections !== undefined) await writeOutput(detections, JSON.stringify(scores.results))
  if (out !== undefined) await writeReport(out, detectorFiles(scores))
}

async function evaluateClassifier (artifact: Artifact, options: Options, io: Io): Promise<void> {
  const { images, annotations, out, json } = options
  for (const option of ['format', 'classNames', 'detections'] as const) {
    if (options[option] === undefined) continue
    throw new UsageError(`${FLAGS[option]}: only for detectors, and ${artifact.name} is a classifier`)
  }
  const labeled = await readLabeledImages(images, annotations, artifact.config.labels)
  const scores = await measureClassifier(artifact, labeled, images, io)
  io.stdout.write(json ? `${JSON.stringify(classifierJson(scores))}\n` : classifierText(scores))
  if (out !== undefined) await writeReport(out, await classifierFiles(scores, images))
}

const FLAGS = { format: '--format', classNames: '--class-names', detections: '--detections' } as const

async function writeReport (folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeOutput(join(folder, name), content)
}
