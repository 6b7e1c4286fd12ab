import t from 'tap'
import { Layout } from '../../training/layout.ts'
import { initialValues, stateDictOf } from '../../training/run-arrays.ts'

const layout = new Layout({ parameters: [{ name: 'w', shape: [2] }], norms: [{ path: 'n', channels: 1, count: 4 }] })
const parameter = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) })
const initial = {
  folded: false,
  parameters: new Map(Object.entries({ frozen: parameter(9), w: parameter(1, 2), 'n.running_mean': parameter(3), 'n.running_var': parameter(4) }))
}

t.test('what training changes goes into an array, and back among the frozen parameters', async t => {
  const values = initialValues(layout, initial)
  t.same([...values], [1, 2, 3, 4])
  values.set([5, 6, 7, 8])
  const { parameters, folded } = stateDictOf(layout, values, initial)
  values.fill(0)
  t.same([...parameters].map(([name, { data }]) => [name, ...data]), [['frozen', 9], ['w', 5, 6], ['n.running_mean', 7], ['n.running_var', 8]])
  t.equal(folded, false)
  t.same([...initial.parameters.get('w')!.data], [1, 2], 'a copy')
})
