import t from 'tap'
import { writeSafetensors } from '../../../../models/checkpoints/safetensors.ts'
import { tensorsOf } from '../../../../server/page/logic/tensors.ts'

t.test('reads the named layers in their order, without boxes and scores', async t => {
  const tensor = (...data: number[]) => ({ shape: [1, 1, 1, data.length], data: Float32Array.from(data) })
  const file = writeSafetensors(new Map([['p3', tensor(1, 2)], ['stage2', tensor(3)], ['scores', tensor(0.5)]]))
  t.same([...tensorsOf(file, ['stage2', 'p3', 'p9'])], [['stage2', tensor(3)], ['p3', tensor(1, 2)]])
})
