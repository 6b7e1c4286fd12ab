import t from 'tap'
import { nanoDetHead, type NanoDetHeadOptions } from '../../head/nanodet-head.ts'
import { relu } from '../../nn/activations.ts'
import { depthwiseConvModule } from '../../nn/blocks/conv-module.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { run } from '../support/run.ts'
import { seededFloats, seededWeights } from '../support/seeded.ts'

const options: NanoDetHeadOptions = {
  numClasses: 20, regMax: 5, featChannels: 8, stackedConvs: 2, convModule: depthwiseConvModule, act: relu
}
const levels = [8, 16, 32].map(stride => ({ tensor: input(`p${stride}`, ['N', 8, `H/${stride}`, `W/${stride}`]), stride }))
const fixed = [8, 16, 32].map(stride => ({ tensor: input(`p${stride}`, [1, 8, 320 / stride, 320 / stride]), stride }))

t.test('one prediction a point', async t => {
  t.same(nanoDetHead(options)(fixed, Scope.root(seededWeights)).shape, [1, 2100, 44]) // upstream's own test of the head
  t.same(nanoDetHead(options)(levels, Scope.root(seededWeights)).shape, ['N', 'H/8*W/8+H/16*W/16+H/32*W/32', 44])
})

t.test('shared and separate towers have upstream\'s names', async t => {
  const names = (shareClsReg: boolean) => {
    const scope = Scope.root(seededWeights)
    nanoDetHead({ ...options, shareClsReg })(fixed, scope)
    return [...scope.params].filter(([name]) => /^gfl|depthwise/.test(name)).map(([name, { shape }]) => [name, shape[0]])
  }
  const level = (i: number) => [[`cls_convs.${i}.0.depthwise.weight`, 8], [`cls_convs.${i}.1.depthwise.weight`, 8]]
  t.same(names(true), [0, 1, 2].flatMap(i => [...level(i), [`gfl_cls.${i}.weight`, 44], [`gfl_cls.${i}.bias`, 44]]))
  t.same(names(false).slice(4), [
    ['reg_convs.0.0.depthwise.weight', 8], ['reg_convs.0.1.depthwise.weight', 8], ['gfl_reg.0.weight', 24], ['gfl_reg.0.bias', 24],
    ...[1, 2].flatMap(i => [
      ...level(i), [`gfl_cls.${i}.weight`, 20], [`gfl_cls.${i}.bias`, 20],
      [`reg_convs.${i}.0.depthwise.weight`, 8], [`reg_convs.${i}.1.depthwise.weight`, 8], [`gfl_reg.${i}.weight`, 24], [`gfl_reg.${i}.bias`, 24]
    ])
  ])
})

t.test('points run level by level, row by row', async t => {
  const scope = Scope.root(seededWeights)
  const output = nanoDetHead(options)(levels, scope)
  const feeds = Object.fromEntries([8, 16, 32].map(stride => {
    const [height, width] = [64 / stride, 96 / stride]
    return [`p${stride}`, { dims: [1, 8, height, width], data: seededFloats(`p${stride}`, 8 * height * width, u => u) }]
  }))
  const p4 = scope.taps.get('gfl_cls.1')!
  const results = await run({ output, p4 }, feeds)
  const [row, column, value] = [2, 3, 17]
  const point = 8 * 12 + row * 6 + column
  t.equal(results['output']!.data[point * 44 + value], results['p4']!.data[(value * 4 + row) * 6 + column])
})
