import t from 'tap'
import { pan } from '../../neck/pan.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { run } from '../support/run.ts'

const features = [8, 16, 32].map(stride => ({ tensor: input(`c${stride}`, [1, 1, 64 / stride, 64 / stride]), stride }))
const plane = (size: number, value: number) => ({ dims: [1, 1, size, size], data: new Float32Array(size * size).fill(value) })
const unit = { folded: false, get: (name: string) => Float32Array.of(name.endsWith('bias') ? 0 : 1) }

t.test('every level hears of every other', async t => {
  const [p3, p4, p5] = pan(1)(features, Scope.root(unit)).map(({ tensor }) => tensor)
  const outputs = await run({ p3: p3!, p4: p4!, p5: p5! }, { c8: plane(8, 1), c16: plane(4, 10), c32: plane(2, 100) })
  t.ok(outputs['p3']!.data.every(value => value === 111)) // top-down: 100, 110, 111
  t.ok(outputs['p4']!.data.every(value => value === 110 + 111))
  t.ok(outputs['p5']!.data.every(value => value === 100 + 221))
})

t.test('sizes may be open', async t => {
  const open = [8, 16, 32].map(stride => ({ tensor: input('c', ['N', 1, `H/${stride}`, `W/${stride}`]), stride }))
  t.same(pan(1)(open, Scope.root(unit)).map(({ tensor }) => tensor.shape), open.map(({ tensor }) => tensor.shape))
})
