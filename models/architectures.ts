/**
 * All architectures that models are built of. Types of configs, networks, both kinds of model files and tests are made
 * from these lists, so that a new architecture takes one line here.
 */
import { customCspNetSpec } from '../backbone/custom-csp-net.ts'
import { efficientNetLiteSpec } from '../backbone/efficientnet-lite.ts'
import { ghostNetClassifierSpec, ghostNetSpec } from '../backbone/ghostnet.ts'
import { mobileNetV1ClassifierSpec, mobileNetV1Spec } from '../backbone/mobilenetv1.ts'
import { mobileNetV2NanoDetSpec } from '../backbone/mobilenetv2-nanodet.ts'
import { mobileNetV2ClassifierSpec, mobileNetV2Spec } from '../backbone/mobilenetv2.ts'
import { repVggSpec } from '../backbone/repvgg.ts'
import { shuffleNetV1ClassifierSpec, shuffleNetV1Spec } from '../backbone/shufflenetv1.ts'
import { shuffleNetV2ClassifierSpec, shuffleNetV2Spec } from '../backbone/shufflenetv2.ts'
import { gflHeadSpec } from '../head/gfl-head.ts'
import { nanoDetHeadSpec } from '../head/nanodet-head.ts'
import { nanoDetPlusHeadSpec } from '../head/nanodet-plus-head.ts'
import { fpnSpec } from '../neck/fpn.ts'
import { ghostPanSpec } from '../neck/ghost-pan.ts'
import { panSpec } from '../neck/pan.ts'
import { tanSpec } from '../neck/tan.ts'
import type { Backbone, Head, Neck } from '../nn/feature.ts'
import type { Layer } from '../nn/scope.ts'
import type {
  BackboneConfigOf, BackboneSpec, ClassifierConfigOf, ClassifierSpec, HeadConfigOf, HeadSpec, NeckConfigOf, NeckSpec
} from '../nn/spec.ts'

export const BACKBONES = [
  customCspNetSpec, efficientNetLiteSpec, repVggSpec, ghostNetSpec, mobileNetV1Spec, mobileNetV2Spec, mobileNetV2NanoDetSpec,
  shuffleNetV1Spec, shuffleNetV2Spec
] as const
export const CLASSIFIERS = [
  ghostNetClassifierSpec, mobileNetV1ClassifierSpec, mobileNetV2ClassifierSpec, shuffleNetV1ClassifierSpec,
  shuffleNetV2ClassifierSpec
] as const
export const NECKS = [fpnSpec, panSpec, ghostPanSpec, tanSpec] as const
export const HEADS = [gflHeadSpec, nanoDetHeadSpec, nanoDetPlusHeadSpec] as const

export type BackboneConfig = BackboneConfigOf<typeof BACKBONES[number]>
export type ClassifierBackboneConfig = ClassifierConfigOf<typeof CLASSIFIERS[number]>
export type NeckConfig = NeckConfigOf<typeof NECKS[number]>
export type HeadConfig = HeadConfigOf<typeof HEADS[number]>

/** The backbone of a config. */
export const buildBackbone = (config: BackboneConfig, act: Layer): Backbone =>
  specOf<BackboneSpec<string, {}, BackboneConfig>>(BACKBONES, config).build(config, act)

/** The classifier of a config. */
export const buildClassifierLayer = (config: ClassifierBackboneConfig, classes: number): Layer =>
  specOf<ClassifierSpec<string, {}, ClassifierBackboneConfig>>(CLASSIFIERS, config).build(config, classes)

/** The neck of a config. */
export const buildNeck = (config: NeckConfig, act: Layer): Neck => neckSpecOf(config).build(config, act)

/** The head of a config. */
export const buildHead = (config: HeadConfig, numClasses: number, act: Layer): Head =>
  headSpecOf(config).build(config, numClasses, act)

export const neckSpecOf = ({ name }: Pick<NeckConfig, 'name'>): NeckSpec<string, {}, NeckConfig> =>
  specOf(NECKS, { name })
export const headSpecOf = ({ name }: Pick<HeadConfig, 'name'>): HeadSpec<string, {}, HeadConfig> =>
  specOf(HEADS, { name })

/** A spec takes configs of its own name, which the compiler can't follow. */
function specOf<Spec> (specs: ReadonlyArray<{ readonly name: string }>, { name }: { readonly name: string }): Spec {
  return specs.find(spec => spec.name === name) as Spec
}
