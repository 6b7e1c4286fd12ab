import t from 'tap'
import { CheckpointError } from '../../../../models/checkpoints/errors.ts'
import { writeSafetensors } from '../../../../models/checkpoints/safetensors.ts'
import { tensorsOf } from '../../../../server/page/logic/tensors.ts'

const tensor = (...values: number[]) => ({ shape: [1, values.length], data: Float32Array.from(values) })

t.test('the wanted layers come in their order, without other arrays of the reply', async t => {
  const file = writeSafetensors(new Map([['stage2', tensor(1, 2)], ['scores', tensor(0.5)], ['p3', tensor(3)]]))
  t.same([...tensorsOf(file, ['p3', 'stage2', 'p9'])], [['p3', tensor(3)], ['stage2', tensor(1, 2)]])
})

t.test('a file that is cut short is refused', async t => {
  t.throws(() => tensorsOf(new Uint8Array(4), ['p3']), CheckpointError)
})
