import t from 'tap'
import { Categories } from '../../../server/feedback/categories.ts'

t.test('classes get the next id, and are removed with their last annotation', async t => {
  const categories = new Categories([{ id: 3, name: 'dog' }])
  t.equal(categories.idOf('dog'), 3)
  t.equal(categories.idOf('cat'), 4)
  categories.use(4)
  categories.use(4)
  categories.release(4)
  t.same(categories.list, [{ id: 3, name: 'dog' }, { id: 4, name: 'cat' }])
  categories.release(4)
  t.same(categories.list, [{ id: 3, name: 'dog' }], 'a class that never had an annotation stays')
  t.equal(categories.idOf('cow'), 5)
  t.equal(new Categories([]).idOf('cow'), 1)
})

t.test('classes of a file keep their members, also two of one name', async t => {
  const list = [{ id: 1, name: 'dog', supercategory: 'animal' }, { id: 2, name: 'dog' }]
  const categories = new Categories(list)
  t.same(categories.list, list)
  categories.use(1)
  categories.release(1)
  t.equal(categories.idOf('dog'), 2)
})
