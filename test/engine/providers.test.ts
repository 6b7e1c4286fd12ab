import t from 'tap'
import { isProvider, parseProvider } from '../../engine/providers.ts'

t.test('names of execution providers, some with the number of a device', async t => {
  for (const text of ['cpu', 'cuda', 'cuda:0', 'tensorrt:1', 'dml:12', 'coreml', 'webgpu', 'qnn']) t.ok(isProvider(text), text)
  for (const text of ['', 'gpu', 'CUDA', 'cpu:0', 'coreml:1', 'cuda:', 'cuda:x', 'cuda:-1', 'cuda:1:2', 'cuda:100']) t.notOk(isProvider(text), text)
  t.same(parseProvider('coreml'), { name: 'coreml' })
  t.same(parseProvider('cuda:1'), { name: 'cuda', deviceId: 1 })
})
