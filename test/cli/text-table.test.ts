import t from 'tap'
import { textTable } from '../../cli/text-table.ts'

t.test('columns have names and sides, and no colours', async t => {
  const lines = textTable({ label: 'left', score: 'right' }, [['a', '1'], ['long label', '0.5']]).split('\n')
  t.strictSame(lines.filter(line => line.startsWith('│')), ['│ label      │ score │', '│ a          │     1 │', '│ long label │   0.5 │'])
})
