/** The options of `nanodet train`, for both tasks. */
import type { z } from 'zod'
import { INITIALIZATIONS } from '../../training/initialize/from-scratch.ts'
import { FORMATS } from '../eval/dataset.ts'
import { choice, flag, number, OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { DEFAULT_MODEL, MODEL_OPTIONS } from '../target.ts'

export const TASKS = ['detect', 'classify'] as const
/** Share of the photos held out for validation. */
export const VALIDATION_SHARE = 0.2
const MAX_SIZE = 2048
const MAX_SEED = 2 ** 31 - 1
const MAX_WORKERS = 64

export const TRAIN_OPTIONS = {
  task: choice(TASKS, 'What the model learns').default('detect'),
  images: text('DIR', 'Folder with the photos'),
  annotations: text('PATH', 'Detectors: their annotations, as for nanodet eval. Classifiers: a list of files and classes; ' +
    'without it, one folder per class in the photos\' folder').optional(),
  format: choice(FORMATS, 'Format of the annotations, if it is not obvious').optional(),
  classNames: text('NAMES', 'Class names of YOLO labels: a file, or names separated by commas').optional(),
  valImages: text('DIR', 'Folder with the validation photos, if they are not in --images').optional(),
  valAnnotations: text('PATH', 'Annotations of the validation photos').optional(),
  valShare: number(0, 0.9, `Share of the photos held out for validation if none are given; by default ${VALIDATION_SHARE}`).optional(),
  out: text('DIR/NAME', 'Model to write: NAME.safetensors and NAME.json in DIR'),
  from: text('MODEL', `Trained model to start with, by name or path; for detectors by default ${DEFAULT_MODEL}`).optional(),
  model: text('MODEL', 'Model to train from random weights instead, by name or path of its config; for classifiers by default shufflenetv2-0.5x').optional(),
  weights: MODEL_OPTIONS.weights,
  modelsDir: MODEL_OPTIONS.modelsDir,
  freeze: text('PART', 'Keep the weights up to this part: none, stem, stage2 and so on, or backbone; ' +
    'by default stage2, but none with random weights').optional(),
  epochs: wholeNumber(1, 100_000, 'Maximum number of passes over the photos; by default fewer for more photos').optional(),
  batch: wholeNumber(1, 1024, 'Photos per step; by default 8, more with random weights and for classifiers').optional(),
  lr: number(0, 10, 'Highest learning rate; the default depends on the model and its classes').optional(),
  size: wholeNumber(32, MAX_SIZE, 'Side of the square input, a multiple of 32; by default the model\'s, but 320 for a detector without --from and --model').optional(),
  initialization: choice(INITIALIZATIONS, 'How to draw random weights: as the network\'s authors do, or all by one scheme').default('upstream'),
  crop: number(0.01, 1, 'Classifiers: smallest share of a photo\'s area in its random crops; by default 0.35').optional(),
  mosaic: number(0, 1, 'Detectors: probability that four photos are joined into one; by default 0').optional(),
  patience: wholeNumber(1, 100_000, 'Stop after so many epochs without a better score; by default a quarter of --epochs, but 20 for classifiers').optional(),
  seed: wholeNumber(0, MAX_SEED, 'The same seed gives the same model').default(1),
  workers: wholeNumber(1, MAX_WORKERS, 'Worker processes, one thread each; by default one per core').optional(),
  resume: flag('Continue an interrupted run of the same command'),
  force: flag('Replace a model of that name'),
  report: text('FILE', 'HTML file for a report with curves, scores, example photos and mistakes').optional(),
  ...OUTPUT_OPTIONS
} as const

/** The values of the options. */
export type TrainOptions = { readonly [K in keyof typeof TRAIN_OPTIONS]: z.output<typeof TRAIN_OPTIONS[K]> }
