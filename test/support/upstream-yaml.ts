/** Writes NanoDet's config files for models of ours, training and all, for tests to read. */
import { stringify } from 'yaml'
import type { BackboneConfig, HeadConfig, NeckConfig } from '../../models/architectures.ts'
import type { ModelConfig } from '../../models/config.ts'
import { buildOnImage } from '../../models/network.ts'
import { zeros } from '../../models/checkpoints/state-dict.ts'

export type Keys = Record<string, any>
type GflHeadConfig = Extract<HeadConfig, { name: 'gfl-head' }>
type NanoDetHeadConfig = Exclude<HeadConfig, GflHeadConfig>

/** nanodet-g's, the only one that was published: config/legacy_v0.x_configs/nanodet-g.yml */
export const CSP_STAGES = [['Conv', 3, 32, 3, 2], ['MaxPool', 3, 2], ['CspBlock', 32, 1, 3, 1], ['CspBlock', 64, 2, 3, 2], ['CspBlock', 128, 2, 3, 2], ['CspBlock', 256, 3, 3, 2]]

/** A model as upstream's file has it. */
export function upstreamYaml (model: ModelConfig, change: (file: Keys) => void = () => {}): string {
  const file = { ...common(model), model: { arch: archOf(model) } }
  change(file)
  return stringify(file)
}

function common ({ input: { width, height }, resizeMode, normalization: { mean, std }, labels }: ModelConfig): Keys {
  const data = { name: 'CocoDataset', img_path: 'images', ann_path: 'annotations.json', input_size: [width, height], keep_ratio: resizeMode !== 'stretch' }
  return {
    save_dir: 'workspace',
    data: {
      train: { ...data, pipeline: { flip: 0.5, normalize: [mean, std] } },
      val: { ...data, pipeline: { normalize: [mean, std] } }
    },
    device: { gpu_ids: [0], workers_per_gpu: 1, batchsize_per_gpu: 1 },
    schedule: { optimizer: { name: 'SGD', lr: 0.14 }, total_epochs: 1 },
    evaluator: { name: 'CocoDetectionEvaluator', save_key: 'mAP' },
    log: { interval: 10 },
    class_names: [...labels]
  }
}

function archOf (model: ModelConfig): Keys {
  const { backbone, neck, head, act, acts = {} } = model
  const channels = buildOnImage(model, zeros(false)).features.map(({ tensor }) => tensor.channels)
  return {
    ...head.name === 'nanodet-plus-head' ? { name: 'NanoDetPlus', detach_epoch: 10, aux_head: { name: 'SimpleConvHead', num_classes: 80 } } : { name: 'OneStageDetector' },
    backbone: { ...backboneKeys(backbone), out_stages: [...backbone.outStages], activation: acts.backbone ?? act },
    fpn: { ...neckKeys(neck, model), in_channels: channels, out_channels: neck.outChannels },
    head: { ...headKeys(head, acts.head ?? act), num_classes: model.labels.length, input_channel: neck.outChannels, loss: { loss_qfl: { name: 'QualityFocalLoss', beta: 2 } } }
  }
}

function backboneKeys (config: BackboneConfig): Keys {
  switch (config.name) {
    case 'shufflenetv2': return { name: 'ShuffleNetV2', model_size: config.width, pretrain: true }
    case 'ghostnet': return { name: 'GhostNet', width_mult: config.width }
    case 'custom-csp-net': return { name: 'CustomCspNet', net_cfg: CSP_STAGES }
    case 'efficientnet-lite': return { name: 'EfficientNetLite', model_name: `efficientnet_lite${config.variant}`, pretrain: true }
    case 'repvgg': return { name: 'RepVGG', arch: config.variant, last_channel: config.lastChannels, deploy: false }
    case 'mobilenetv2-nanodet': return { name: 'MobileNetV2', width_mult: config.width, last_channel: config.lastChannels }
    default: throw new Error(`upstream has no ${config.name}`)
  }
}

function neckKeys (neck: NeckConfig, { input, act, acts }: ModelConfig): Keys {
  switch (neck.name) {
    case 'fpn': return { name: 'FPN' }
    case 'pan': return { name: 'PAN', start_level: 0, num_outs: 3 }
    case 'ghost-pan': return { name: 'GhostPAN', kernel_size: neck.kernel, num_extra_level: neck.extraLevels, use_depthwise: neck.convModule !== 'dense', activation: acts?.neck ?? act }
    case 'tan': return {
      name: 'TAN',
      feature_hw: [input.height / 16, input.width / 16],
      num_heads: neck.heads,
      num_encoders: neck.encoders,
      mlp_ratio: neck.mlpRatio,
      dropout_ratio: 0.1,
      activation: acts?.neck ?? act
    }
  }
}

const headKeys = (head: HeadConfig, act: string): Keys => ({
  feat_channels: head.featChannels,
  stacked_convs: head.stackedConvs,
  strides: [...head.strides],
  reg_max: head.regMax,
  ...head.name === 'gfl-head' ? gflHeadKeys(head) : nanoDetHeadKeys(head, act)
})

const gflHeadKeys = ({ norm }: GflHeadConfig): Keys => ({
  name: 'GFLHead',
  octave_base_scale: 8,
  norm_cfg: norm === 'batch' ? { type: 'BN' } : { type: 'GN', num_groups: 32, requires_grad: true }
})

const nanoDetHeadKeys = ({ name, convModule, shareClsReg }: NanoDetHeadConfig, act: string): Keys => ({
  ...name === 'nanodet-head'
    ? { name: 'NanoDetHead', share_cls_reg: shareClsReg, octave_base_scale: 5, scales_per_octave: 1 }
    : { name: 'NanoDetPlusHead', kernel_size: 5 },
  ...convModule === 'dense' && { conv_type: 'Conv' },
  norm_cfg: { type: 'BN' },
  activation: act
})
