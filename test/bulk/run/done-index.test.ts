import t from 'tap'
import { DoneIndex } from '../../../bulk/run/done-index.ts'

const image = (i: number | string, stamp = 's', sha256 = 'c') => ({ file: `photos/${i}.jpg`, stamp, sha256 })

t.test('an image is known by its stamp, and by its content', async t => {
  const index = new DoneIndex()
  t.notOk(index.put(image(1), 0, false))
  t.ok(index.hasLine('photos/1.jpg'))
  t.ok(index.hasStamp('photos/1.jpg', 's', false))
  t.notOk(index.hasStamp('photos/1.jpg', 't', false))
  t.notOk(index.hasStamp('photos/2.jpg', 's', false))
  t.ok(index.hasContent('photos/1.jpg', 'c', true))
  t.notOk(index.hasContent('photos/1.jpg', 'd', true))
  t.notOk(index.hasContent('photos/2.jpg', 'c', true))
})

t.test('names that are no UTF-8 are told apart', async t => {
  const index = new DoneIndex()
  index.put(image('\udcff'), 0, false)
  t.notOk(index.hasLine('photos/\udcfe.jpg'))
})

t.test('a later line replaces an earlier one', async t => {
  const index = new DoneIndex()
  const far = 3 * 2 ** 40 + 7
  index.put(image(1), 0, true)
  t.ok(index.put(image(1, 't'), far, false))
  t.equal(index.size, 1)
  t.same([index.isLast('photos/1.jpg', 0), index.isLast('photos/1.jpg', far), index.isLast('photos/2.jpg', 0)], [false, true, false])
  t.ok(index.hasStamp('photos/1.jpg', 't', true), 'it can\'t change any more')
})

t.test('lines that another try can change count only without one', async t => {
  const index = new DoneIndex()
  index.put(image(1), 0, true)
  t.same([index.hasStamp('photos/1.jpg', 's', false), index.hasStamp('photos/1.jpg', 's', true)], [true, false])
  t.same([index.hasContent('photos/1.jpg', 'c', false), index.hasContent('photos/1.jpg', 'c', true)], [true, false])
})

t.test('an image is taken once in a run', async t => {
  const index = new DoneIndex()
  t.same([index.take('a'), index.take('a'), index.take('b')], [true, false, true])
  index.put({ ...image(1), file: 'a' }, 0, false)
  t.notOk(index.take('a'))
})

t.test('it grows', async t => {
  const index = new DoneIndex()
  for (let i = 0; i < 5000; i++) index.put(image(i, `${i}`), 2 * i, i % 2 === 0)
  t.equal(index.size, 5000)
  const all = [...Array(5000).keys()]
  t.ok(all.every(i => index.hasStamp(`photos/${i}.jpg`, `${i}`, false) && index.isLast(`photos/${i}.jpg`, 2 * i)))
  t.ok(all.every(i => index.hasStamp(`photos/${i}.jpg`, `${i}`, true) === (i % 2 === 1)))
})
