import t from 'tap'
import { Layout } from '../../training/layout.ts'
import { updateStatistics } from '../../training/running-statistics.ts'

t.test('statistics move a tenth of the way, with the unbiased variance', async t => {
  const norms = [{ path: 'a', channels: 2, count: 5 }, { path: 'b', channels: 1, count: 1 }]
  const layout = new Layout({ parameters: [{ name: 'w', shape: [1] }], norms })
  const values = Float32Array.of(7, 0, 1, 1, 1, 0, 1)
  updateStatistics(values, Float32Array.of(9, 10, 11, 4, 8, 2, 3), norms, layout)
  t.same([...values], [7, ...[1, 2, 0.9 + 0.1 * 5, 0.9 + 0.1 * 10, 0.2, 1.2].map(Math.fround)])
})
