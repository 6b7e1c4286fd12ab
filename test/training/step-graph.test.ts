import t from 'tap'
import { gradientName } from '../../training/step-graph.ts'

t.test('a gradient is named after its parameter', async t => {
  t.equal(gradientName('head.weight'), 'gradient/head.weight')
})
