import t from 'tap'
import { AnyReader } from '../../../bulk/sources/image-reader.ts'

t.test('reads files by their names', async t => {
  const folder = t.testdir({ 'a.jpg': 'bytes' })
  const reader = new AnyReader()
  t.equal(Buffer.from(await reader.read(`${folder}/a.jpg`)).toString(), 'bytes')
  t.match(await reader.stamp(`${folder}/a.jpg`), /^5-\d+$/)
  await reader.close()
})
