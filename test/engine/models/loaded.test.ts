import t from 'tap'
import { toLoaded, type ReadModel } from '../../../engine/models/loaded.ts'

t.test('each task gets the chunks of its part', async t => {
  const body = [1, 2, 3].map(value => Uint8Array.of(value))
  const parts = [{ tasks: ['detect', 'profile'], chunks: 1 }, { tasks: ['infer'], chunks: 2 }]
  const loaded = toLoaded({ info: { name: 'm' }, parts, body } as unknown as ReadModel)
  t.equal(loaded.info.name, 'm')
  t.same([...loaded.parts].map(([task, chunks]) => [task, chunks.map(([value]) => value)]), [['detect', [1]], ['profile', [1]], ['infer', [2, 3]]])
})
