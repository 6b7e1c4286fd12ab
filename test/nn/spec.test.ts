import t from 'tap'
import { z } from 'zod'
import { Section } from '../../models/files/section.ts'
import { relu } from '../../nn/activations.ts'
import { backboneSpec, batchNormOnly, classifierSpec, type BackboneConfigOf } from '../../nn/spec.ts'

const options = { last_channels: z.int().exactOptional(), depth: z.enum(['a', 'b']).default('a') }
const tiny = backboneSpec({
  name: 'tiny',
  options,
  outStages: [3],
  build: ({ depth, lastChannels = 8, outStages }) => () => [{ stride: outStages.length * lastChannels, tensor: depth as never }]
})

t.test('the type of a config comes from the options', async t => {
  const config: BackboneConfigOf<typeof tiny> = { name: 'tiny', depth: 'b', outStages: [3, 4] }
  t.same(tiny.build(config, x => x)(undefined as never, undefined as never), [{ stride: 16, tensor: 'b' }])
  // @ts-expect-error there is no depth c
  const other: BackboneConfigOf<typeof tiny> = { name: 'tiny', depth: 'c', outStages: [3] }
  t.notSame(other, config)
})

t.test('a spec is what it is given', async t => {
  const given = { name: 'tiny', options, build: () => relu } as const
  t.equal(classifierSpec(given), given)
})

t.test('a norm is batch norm, or not named', async t => {
  const keys = (values: object) => new Section('mine', 'head', values)
  t.doesNotThrow(() => batchNormOnly(keys({})))
  t.doesNotThrow(() => batchNormOnly(keys({ norm_cfg: { type: 'BN' } })))
  t.throws(() => batchNormOnly(keys({ norm_cfg: { type: 'GN' } })), { message: 'mine: head.norm_cfg.type: GN is not supported; supported: "BN"' })
})
