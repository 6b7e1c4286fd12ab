import type { Section } from './section.ts'

/** Keys that only NanoDet v1.0 reads. */
const KEYS = [
  'grad_clip', 'device.precision', 'model.weight_averager', 'model.arch.aux_head', 'model.arch.detach_epoch',
  'model.arch.head.assigner_cfg', 'schedule.optimizer.no_norm_decay', 'schedule.optimizer.param_level_cfg',
  ...['train', 'val'].flatMap(set => ['load_mosaic', 'pipeline.divisible'].map(key => `data.${set}.${key}`))
]
/** Values that only NanoDet v1.0 knows. */
const VALUES: ReadonlyArray<readonly [path: string, value: unknown]> = [
  ['model.arch.name', 'NanoDetPlus'],
  ['model.arch.backbone.name', 'TIMMWrapper'],
  ['model.arch.fpn.name', 'GhostPAN'],
  ['model.arch.head.name', 'NanoDetPlusHead'],
  ['data.train.name', 'YoloDataset'],
  ['data.val.name', 'YoloDataset'],
  ['device.gpu_ids', -1]
]

/** The first sign in a config file that the model was trained with NanoDet v1.0; undefined if it has none. */
export function signOfV1 (file: Section): string | undefined {
  const key = KEYS.find(path => file.peek(path.split('.')) !== undefined)
  if (key !== undefined) return key
  const value = VALUES.find(([path, value]) => file.peek(path.split('.')) === value)
  return value && `${value[0]}: ${value[1]}`
}
