/**
 * How the code that the networks are from initializes their backbones and classifiers. NanoDet's files are in nanodet/model/backbone/.
 */
import type { BackboneConfig, ClassifierBackboneConfig } from '../../models/architectures.ts'
import { kaiming, kaimingByGroup, normalOf, torchDefault, within, type WeightFill } from './fill.ts'
import type { Scheme } from './scheme.ts'

const SMALL = 0.01
const small: WeightFill = () => normalOf(SMALL)

/** By the input channels of a group; kernel sizes do not count. The first convolution is small. */
const byChannels = (first: RegExp): Scheme => ({
  convolution: (shape, name) => normalOf(first.test(name) ? SMALL : 1 / shape[1]!),
  linear: small,
  normBias: 1e-4
})

const torch: Scheme = { convolution: torchDefault, bias: torchDefault }

const SCHEMES: Record<BackboneConfig['name'] | ClassifierBackboneConfig['name'], Scheme> = {
  /** megvii-model/ShuffleNet-Series, ShuffleNetV1/network.py */
  shufflenetv1: byChannels(/first_conv\./),
  /** ShuffleNetV2/network.py there, shufflenetv2.py of NanoDet, where the first convolution has another name and is not small. */
  shufflenetv2: byChannels(/^conv1\./),
  /** ghostnet.py of NanoDet */
  ghostnet: byChannels(/conv_stem\./),
  /** timm/models/_efficientnet_builder.py (_init_weight_goog) */
  mobilenetv1: { convolution: kaimingByGroup, linear: ([out]) => within(1 / Math.sqrt(out!)) },
  /** torchvision/models/mobilenetv2.py */
  mobilenetv2: { convolution: kaiming, linear: small },
  /** mobilenetv2.py of NanoDet, whose own initialization nothing calls */
  'mobilenetv2-nanodet': torch,
  /** efficientnet_lite.py of NanoDet */
  'efficientnet-lite': { convolution: kaiming },
  /** custom_csp.py of NanoDet */
  'custom-csp-net': { convolution: kaiming },
  /** repvgg.py of NanoDet initializes nothing. */
  repvgg: { convolution: mergedBranches }
}

export const backboneScheme = ({ name }: BackboneConfig | ClassifierBackboneConfig): Scheme => SCHEMES[name]

/**
 * The sum of a block's 3×3 and 1×1 convolutions and of its identity, all as PyTorch makes them, so that a network without norms keeps its
 * scale. The first blocks of stages have no identity.
 */
function mergedBranches (shape: readonly number[], name: string): ReturnType<WeightFill> {
  const [out = 1, channels = 1, height = 1, width = 1] = shape
  const hasIdentity = out === channels && !/stage\d\.0\./.test(name)
  const [dense, pointwise] = [torchDefault(shape, name), torchDefault([out, channels, 1, 1], name)]
  const [area, center] = [height * width, (height * width - 1) / 2]
  let i = 0
  return next => {
    const [kernel, cell] = [Math.floor(i / area), i++ % area]
    if (cell !== center) return dense(next)
    const isOwnChannel = hasIdentity && kernel % channels === Math.floor(kernel / channels)
    return dense(next) + pointwise(next) + (isOwnChannel ? 1 : 0)
  }
}
