import t from 'tap'
import { textTable } from '../../cli/text-table.ts'

t.test('columns have names and sides, and no colours', async t => {
  const lines = textTable({ label: 'left', score: 'right' }, [['a', '1'], ['long label', '0.5']]).split('\n')
  t.strictSame(lines.filter(line => line.startsWith('│')), ['│ label      │ score │', '│ a          │     1 │', '│ long label │   0.5 │'])
})

t.test('labels can\'t act on the terminal', async t => {
  const table = textTable({ label: 'left' }, [['\u001b[31mred\u009b2J\u202e']])
  t.ok(table.includes('\\u001b[31mred\\u009b2J\\u202e'))
})
