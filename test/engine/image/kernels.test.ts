import t from 'tap'
import { loadKernel } from '../../../engine/image/kernels.ts'

t.test('every instance has its own memory', t => {
  const newKernel = loadKernel('warp')
  const [a, b] = [newKernel(), newKernel()]
  a.memory.grow(1)
  new Uint8Array(a.memory.buffer)[100] = 7
  t.equal(new Uint8Array(b.memory.buffer)[100] ?? 0, 0)
  t.throws(() => loadKernel('missing'), { code: 'ENOENT' })
  t.end()
})
