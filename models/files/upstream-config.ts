/**
 * Reads NanoDet's own config files, of v1.0 and of v0.x. Keys for training are passed over.
 * Upstream: nanodet/util/config.py, config/*.yml
 */
import type { Size } from '../../head/decode/boxes.ts'
import { ACTIVATIONS, type ActivationName } from '../../nn/activations.ts'
import { neckSpecOf } from '../architectures.ts'
import type { ModelConfig, Normalization } from '../config.ts'
import { RESIZE_MODES, type ResizeMode } from '../resize-mode.ts'
import { checkConfig } from './check-config.ts'
import { ModelFileError } from '../errors.ts'
import { LIMITS } from './limits.ts'
import { parseYaml } from './parse-yaml.ts'
import { Section } from './section.ts'
import { BACKBONES, HEADS, NECKS, type Reader } from './upstream-parts.ts'
import { signOfV1 } from './v1-signs.ts'

const ARCHITECTURES = ['GFL', 'NanoDetPlus', 'OneStageDetector'] as const
const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[]

/** Keys, and everything below them, that do not change what a trained network computes. */
const TRAINING = [
  'save_dir', 'schedule', 'device', 'log', 'evaluator', 'grad_clip', 'test', 'model.weight_averager',
  'model.arch.aux_head', 'model.arch.detach_epoch', 'model.arch.backbone.pretrain', 'model.arch.backbone.kernal_size', 'model.arch.fpn.num_outs',
  'model.arch.fpn.dropout_ratio', 'model.arch.head.norm_cfg.requires_grad',
  ...['loss', 'octave_base_scale', 'scales_per_octave', 'ignore_iof_thr', 'assigner_cfg'].map(key => `model.arch.head.${key}`),
  'data.train',
  ...['name', 'img_path', 'ann_path', 'class_names', 'multi_scale', 'use_instance_mask', 'use_seg_mask', 'use_keypoint', 'load_mosaic']
    .map(key => `data.val.${key}`)
]

/** A config file of upstream's as it is understood. */
export interface UpstreamConfig {
  readonly config: ModelConfig
  /** Paths of keys that are neither used nor known to be for training. */
  readonly ignored: string[]
  /** Guesses and oddities that the user should know of; left out if there are none. */
  readonly notes?: readonly string[]
}

/**
 * Reads a config file (YAML).
 *
 * The resize mode follows from `data.val.keep_ratio` and the version of NanoDet: `false` stretches; `true` is the centered
 * letterbox of v0.x, or v1.0's padding right and below. NanoDetPlus is v1.0; GFL and OneStageDetector count as v0.x unless
 * the file has a sign of v1.0 (v1-signs.ts). Our own key `resize_mode` overrides this.
 * @param name what to call the model
 * @throws ModelFileError naming the key that can't be used
 */
export function readUpstreamConfig (text: string, name: string): UpstreamConfig {
  const { value, notes } = parseYaml(text, name)
  const file = new Section(name, '', value)
  const arch = file.section('model').section('arch')
  const val = file.section('data').section('val')
  const { resizeMode, guess } = readResizeMode(file, arch, val)
  const config: ModelConfig = {
    name,
    backbone: part(arch, 'backbone', BACKBONES),
    neck: part(arch, 'fpn', NECKS),
    head: part(arch, 'head', HEADS),
    ...readActivations(arch),
    input: readInput(val),
    resizeMode,
    normalization: readNormalization(val),
    labels: readLabels(file, arch)
  }
  checkRepeated(config, arch)
  const all = [...notes, ...guess === undefined ? [] : [guess]]
  return { config, ignored: file.unread().filter(path => !isForTraining(path)), ...(all.length > 0 && { notes: all }) }
}

const isForTraining = (path: string): boolean => TRAINING.some(known => path === known || path.startsWith(`${known}.`))

function readerOf<Config> (keys: Section, readers: Readonly<Record<string, Reader<Config>>>): Reader<Config> {
  const name = keys.raw('name')
  if (typeof name === 'string' && Object.hasOwn(readers, name)) return readers[name]!
  throw keys.error('name', `is not supported; supported: ${Object.keys(readers).join(', ')}. ${ADVICE}`)
}

const ADVICE = 'To serve any other network, export it to ONNX with NanoDet\'s tools/export_onnx.py and use the .onnx file'

function part<Config> (arch: Section, key: string, readers: Readonly<Record<string, Reader<Config>>>): Config {
  const keys = arch.section(key)
  return readerOf(keys, readers).read(keys)
}

/** The activation of the first part that has one, and those of other parts if they differ. */
function readActivations (arch: Section): Pick<ModelConfig, 'act' | 'acts'> {
  const found = [...activations(arch)]
  const act = found[0]!.act
  const others = found.filter(other => other.act !== act).map(({ part, act }) => [part, act])
  return { act, ...(others.length > 0 && { acts: Object.fromEntries(others) }) }
}

/** Our name of each part, upstream's, and its readers. */
const PARTS = [['backbone', 'backbone', BACKBONES], ['neck', 'fpn', NECKS], ['head', 'head', HEADS]] as const

function * activations (arch: Section) {
  for (const [part, key, readers] of PARTS) {
    const keys = arch.section(key)
    const { act } = readerOf<unknown>(keys, readers)
    const older = keys.has('act') ? 'act' : 'activation' // the older name counts, as it does upstream
    if (act !== undefined) yield { part, act: keys.oneOf(older, ACTIVATION_NAMES, act) }
  }
}

function readInput (val: Section): Size {
  const [width, height, ...more] = val.numbers('input_size')
  const [min, max] = LIMITS.side
  const isSide = (length: number | undefined): boolean => Number.isInteger(length) && length! >= min && length! <= max
  if (!isSide(width) || !isSide(height) || more.length > 0) {
    throw val.error('input_size', `is not [width, height], each from ${min} to ${max}`)
  }
  return { width: width!, height: height! }
}

/** The resize mode and, if it depends on a guess of the version, a note about that. */
function readResizeMode (file: Section, arch: Section, val: Section): { resizeMode: ResizeMode, guess?: string } {
  const isPlus = arch.oneOf('name', ARCHITECTURES) === 'NanoDetPlus'
  const keepRatio = val.flag('keep_ratio')
  if (file.has('resize_mode')) return { resizeMode: file.oneOf('resize_mode', RESIZE_MODES) }
  if (!keepRatio) return { resizeMode: 'stretch' }
  if (isPlus) return { resizeMode: 'keep-ratio' }
  const sign = signOfV1(file)
  return sign === undefined ? { resizeMode: 'letterbox', guess: V0 } : { resizeMode: 'keep-ratio', guess: guessV1(sign) }
}

const V0 = 'Guessed: resize mode letterbox (NanoDet v0.x), because the file has no sign of v1.0. ' +
  'Set resize_mode: keep-ratio at the top level of the file if the model was trained with v1.0.'
const guessV1 = (sign: string): string =>
  `Guessed: resize mode keep-ratio (NanoDet v1.0), because the file has ${sign}. ` +
  'Set resize_mode: letterbox at the top level of the file if the model was trained with v0.x.'

/** Upstream normalizes images as OpenCV reads them: BGR. */
function readNormalization (val: Section): Normalization {
  const keys = val.section('pipeline')
  const value = keys.raw('normalize')
  if (!isMeanAndStd(value)) throw keys.error('normalize', 'is not [mean, std] of three numbers each, std above 0')
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
  if (twice !== undefined) throw new ModelFileError(file.model, `class_names has ${twice} twice`)
  const numClasses = head.wholeNumber('num_classes', LIMITS.classes)
  if (numClasses !== labels.length) throw head.error('num_classes', `is not the number of class_names, ${labels.length}`)
  return labels
}

/** Checks channels and sizes that a file repeats against those of the parts. */
function checkRepeated (config: ModelConfig, arch: Section): void {
  const { features, levels } = checkConfig(config)
  const channels = features.map(({ tensor }) => tensor.channels)
  arch.section('fpn').only('in_channels', channels)
  neckSpecOf(config.neck).upstream.checkLevels?.(arch.section('fpn'), levels)
  arch.section('head').only('input_channel', config.neck.outChannels)
}
