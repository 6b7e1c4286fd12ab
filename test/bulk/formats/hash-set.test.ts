import t from 'tap'
import { HashSet } from '../../../bulk/formats/hash-set.ts'

t.test('knows what was added, also after it has grown', async t => {
  const set = new HashSet()
  const names = Array.from({ length: 5000 }, (_, i) => `photos/${i}.jpg`)
  t.ok(names.every(name => set.add(name)))
  t.notOk(names.some(name => set.add(name)))
  t.ok(names.every(name => set.has(name)))
  t.notOk(names.some(name => set.has(`${name}.txt`)))
  t.equal(set.size, 5000)
})
