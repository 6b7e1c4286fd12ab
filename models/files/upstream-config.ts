/**
 * Reads NanoDet's own config files, of v1.0 and of v0.x. What training alone needs is passed over.
 * Upstream: nanodet/util/config.py, config/*.yml
 */
import { parse } from 'yaml'
import type { Size } from '../../head/decode/boxes.ts'
import { ACTIVATIONS, type ActivationName } from '../../nn/activations.ts'
import { neckSpecOf } from '../architectures.ts'
import type { ModelConfig, Normalization } from '../config.ts'
import type { ResizeMode } from '../resize-mode.ts'
import { checkConfig } from './check-config.ts'
import { ModelFileError } from '../errors.ts'
import { LIMITS } from './limits.ts'
import { Section } from './section.ts'
import { BACKBONES, HEADS, NECKS, type Reader } from './upstream-parts.ts'

const ARCHITECTURES = ['GFL', 'NanoDetPlus', 'OneStageDetector'] as const
const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[]

/** What has no bearing on what a trained network computes: these keys, and all below them. */
const TRAINING = [
  'save_dir', 'schedule', 'device', 'log', 'evaluator', 'grad_clip', 'test', 'model.weight_averager',
  'model.arch.aux_head', 'model.arch.detach_epoch', 'model.arch.backbone.pretrain', 'model.arch.backbone.kernal_size', 'model.arch.fpn.num_outs',
  'model.arch.fpn.dropout_ratio', 'model.arch.head.norm_cfg.requires_grad',
  ...['loss', 'octave_base_scale', 'scales_per_octave', 'ignore_iof_thr', 'assigner_cfg'].map(key => `model.arch.head.${key}`),
  'data.train',
  ...['name', 'img_path', 'ann_path', 'class_names', 'multi_scale', 'use_instance_mask', 'use_seg_mask', 'use_keypoint', 'load_mosaic']
    .map(key => `data.val.${key}`)
]
/** Keys that only the code of v1.0 knows. */
const SINCE_V1 = [['model', 'weight_averager'], ['device', 'precision'], ['grad_clip']]

/**
 * Reads a config file (YAML).
 *
 * How photos are laid into the input, `data.val.keep_ratio` and the version that the model was trained with say: `false` stretches; `true`
 * is the centred letterbox in v0.x, and in v1.0 padding right and below. The architectures GFL and OneStageDetector count as v0.x,
 * NanoDetPlus as v1.0; so does a OneStageDetector whose file has a key that v0.x did not know (`model.weight_averager`, `grad_clip`,
 * `device.precision`).
 * @param name what the model shall be called
 * @returns the config, and by their paths the keys that are neither used nor known to be for training
 * @throws ModelFileError naming the key that can't be used
 */
export function readUpstreamConfig (text: string, name: string): { config: ModelConfig, ignored: string[] } {
  const file = new Section(name, '', parseYaml(text, name))
  const arch = file.section('model').section('arch')
  const val = file.section('data').section('val')
  const config: ModelConfig = {
    name,
    backbone: part(arch, 'backbone', BACKBONES),
    neck: part(arch, 'fpn', NECKS),
    head: part(arch, 'head', HEADS),
    act: oneActivation(arch),
    input: readInput(val),
    resizeMode: readResizeMode(file, arch, val),
    normalization: readNormalization(val),
    labels: readLabels(file, arch)
  }
  checkRepeated(config, arch)
  return { config, ignored: file.unread().filter(path => !isForTraining(path)) }
}

function parseYaml (text: string, name: string): unknown {
  try {
    return parse(text, { merge: true, logLevel: 'error' })
  } catch (error) {
    throw new ModelFileError(name, `the file is not YAML: ${(error as Error).message.split('\n')[0]}`)
  }
}

const isForTraining = (path: string): boolean => TRAINING.some(known => path === known || path.startsWith(`${known}.`))

function readerOf<Config> (keys: Section, readers: Readonly<Record<string, Reader<Config>>>): Reader<Config> {
  return readers[keys.oneOf('name', Object.keys(readers))]!
}

function part<Config> (arch: Section, key: string, readers: Readonly<Record<string, Reader<Config>>>): Config {
  const keys = arch.section(key)
  return readerOf(keys, readers).read(keys)
}

/** The activation that all parts share: networks here have one. */
function oneActivation (arch: Section): ActivationName {
  const [first, ...others] = [...activations(arch)]
  const other = others.find(({ act }) => act !== first!.act)
  if (other) throw new ModelFileError(arch.model, `${other.path} is ${other.act}, ${first!.path} is ${first!.act}: parts with different activations can't be built`)
  return first!.act
}

function * activations (arch: Section) {
  for (const [part, readers] of Object.entries({ backbone: BACKBONES, fpn: NECKS, head: HEADS })) {
    const keys = arch.section(part)
    const { act } = readerOf<unknown>(keys, readers)
    const key = keys.has('act') ? 'act' : 'activation' // GhostNet's older name
    if (act !== undefined) yield { path: keys.pathOf(key), act: keys.oneOf(key, ACTIVATION_NAMES, act) }
  }
}

function readInput (val: Section): Size {
  const [width, height, ...more] = val.numbers('input_size')
  const [min, max] = LIMITS.side
  const isSide = (length: number | undefined): boolean => Number.isInteger(length) && length! >= min && length! <= max
  if (!isSide(width) || !isSide(height) || more.length > 0) throw val.error('input_size', `is no [width, height] from ${min} to ${max}`)
  return { width: width!, height: height! }
}

function readResizeMode (file: Section, arch: Section, val: Section): ResizeMode {
  const isPlus = arch.oneOf('name', ARCHITECTURES) === 'NanoDetPlus'
  if (!val.flag('keep_ratio')) return 'stretch'
  return isPlus || SINCE_V1.some(path => file.holds(path)) ? 'keep-ratio' : 'letterbox'
}

/** Upstream normalizes what OpenCV reads: BGR. */
function readNormalization (val: Section): Normalization {
  const keys = val.section('pipeline')
  const value = keys.raw('normalize')
  if (!isMeanAndStd(value)) throw keys.error('normalize', 'is no [mean, std] of three numbers each, std above 0')
  const [mean, std] = value
  return { channelOrder: 'BGR', mean, std }
}

type Triple = Normalization['mean']
const isMeanAndStd = (value: unknown): value is [mean: Triple, std: Triple] =>
  Array.isArray(value) && value.length === 2 && value.every(isTriple) && value[1].every((std: number) => std > 0)
const isTriple = (value: unknown): boolean => Array.isArray(value) && value.length === 3 && value.every(Number.isFinite)

function readLabels (file: Section, arch: Section): string[] {
  const head = arch.section('head')
  const labels = file.texts('class_names')
  const twice = labels.find((label, i) => labels.indexOf(label) !== i)
  if (twice !== undefined) throw new ModelFileError(file.model, `class_names: ${twice} is there twice`)
  const numClasses = head.wholeNumber('num_classes', LIMITS.classes)
  if (numClasses !== labels.length) throw head.error('num_classes', `is not the number of class_names, ${labels.length}`)
  return labels
}

/** Channels and sizes that a file repeats must be those that the parts have. */
function checkRepeated (config: ModelConfig, arch: Section): void {
  const { features, levels } = checkConfig(config)
  const channels = features.map(({ tensor }) => tensor.channels)
  arch.section('fpn').only('in_channels', channels)
  neckSpecOf(config.neck).upstream.checkLevels?.(arch.section('fpn'), levels)
  arch.section('head').only('input_channel', config.neck.outChannels)
}
