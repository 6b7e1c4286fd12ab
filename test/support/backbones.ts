import type { Test } from 'tap'
import { product } from '../../nn/dim.ts'
import type { Backbone } from '../../nn/feature.ts'
import { Scope, type Layer, type Weights } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { fixture } from './files.ts'
import { run } from './run.ts'
import { samplesDiffer, type Samples } from './samples.ts'
import { seededImage, seededWeights } from './seeded.ts'

interface Golden { features: Samples[], logits?: Samples, parameters: number, first_keys: string[], last_keys: string[], key_count: number }
const goldens: Record<string, Golden> = fixture('backbones-seeded.json')

export const image = input('image', [1, 3, 224, 224])

/** Holds the features at strides 8, 16 and 32 against reference figures. */
export async function sameFeatures (t: Test, name: string, backbone: Backbone): Promise<void> {
  const features = backbone(image, Scope.root(seededWeights))
  t.same(features.map(({ stride }) => stride), [8, 16, 32])
  const outputs = await onSeededImage(Object.fromEntries(features.map(({ tensor, stride }) => [stride, tensor])))
  for (const [i, { stride }] of features.entries()) {
    t.ok(samplesDiffer(outputs[stride]!, goldens[name]!.features[i]!) < 1e-5, `stride ${stride}`)
  }
}

/** Holds a classifier's logits against reference figures. */
export async function sameLogits (t: Test, name: string, classifier: Layer, weights: Weights = seededWeights): Promise<void> {
  const { logits } = await onSeededImage({ logits: classifier(image, Scope.root(weights)) })
  t.ok(samplesDiffer(logits!, goldens[name]!.logits!) < 1e-5)
}

/** Holds number and names of all parameters against reference figures. */
export function sameParameters (t: Test, name: string, network: Layer<typeof image, unknown>): void {
  const scope = Scope.root(seededWeights)
  network(image, scope)
  const { parameters, key_count: count, first_keys: first, last_keys: last } = goldens[name]!
  const names = [...scope.params.keys()]
  t.equal(countParameters(scope), parameters)
  t.equal(names.length, count)
  t.same(names.slice(0, first.length), first)
  t.same(names.slice(-last.length), last)
}

/** How many numbers training finds, so without running statistics. */
export function countParameters (scope: Scope): number {
  const trained = [...scope.params].filter(([name]) => !name.includes('running_'))
  return trained.reduce((total, [, { shape }]) => total + Number(product(shape)), 0)
}

const onSeededImage = (outputs: Parameters<typeof run>[0]) =>
  run(outputs, { image: { dims: image.shape as number[], data: seededImage(224) } })
