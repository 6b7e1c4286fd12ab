/** The options of `nanodet train`, for both tasks. */
import type { z } from 'zod'
import { INITIALIZATIONS } from '../../training/initialize/from-scratch.ts'
import { FORMATS } from '../eval/dataset.ts'
import { choice, flag, number, OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { DEFAULT_MODEL, MODEL_OPTIONS } from '../target.ts'

export const TASKS = ['detect', 'classify'] as const
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
  valImages: text('DIR', 'Folder with the photos to validate on, if it is another').optional(),
  valAnnotations: text('PATH', 'Annotations of the photos to validate on').optional(),
  valShare: number(0, 0.9, 'Share of the photos to validate on, if there are no others for that; by default 0.2').optional(),
  out: text('DIR/NAME', 'Model to write: NAME.safetensors and NAME.json in DIR'),
  from: text('MODEL', 'Model to start with, by name or path; for detectors ' + `by default ${DEFAULT_MODEL}`).optional(),
  model: text('MODEL', 'Model to train from random weights instead, by name or path of its config').optional(),
  weights: MODEL_OPTIONS.weights,
  modelsDir: MODEL_OPTIONS.modelsDir,
  freeze: text('PART', 'Last part that keeps its weights: none, stem, stage2 and so on, or backbone; ' +
    'by default stage2, and none from random weights').optional(),
  epochs: wholeNumber(1, 100_000, 'Maximum number of passes over the photos').optional(),
  batch: wholeNumber(1, 1024, 'Photos of a step').optional(),
  lr: number(0, 10, 'Learning rate').optional(),
  size: wholeNumber(32, MAX_SIZE, 'Side of the square input, a multiple of 32; by default the model\'s, but 320 without --from and --model').optional(),
  initialization: choice(INITIALIZATIONS, 'Random weights: as the network\'s authors draw them, all normal, or all as Xavier\'s').default('upstream'),
  crop: number(0.01, 1, 'Classifiers: smallest share of a photo\'s area in its random crops; by default 0.35').optional(),
  mosaic: number(0, 1, 'Probability that four photos are joined into one').optional(),
  patience: wholeNumber(1, 100_000, 'Epochs without a better score after which training ends').optional(),
  seed: wholeNumber(0, MAX_SEED, 'The same seed gives the same model').default(1),
  workers: wholeNumber(1, MAX_WORKERS, 'Worker processes, one thread each; by default one per core').optional(),
  resume: flag('Continue an interrupted run of the same command'),
  force: flag('Replace a model of that name'),
  report: text('FILE', 'Write a report there: an HTML page').optional(),
  ...OUTPUT_OPTIONS
} as const

/** The values of the options. */
export type TrainOptions = { readonly [K in keyof typeof TRAIN_OPTIONS]: z.output<typeof TRAIN_OPTIONS[K]> }
