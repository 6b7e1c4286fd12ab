import t from 'tap'
import { splitSet } from '../../../cli/train/split.ts'
import type { LabeledSet } from '../../../cli/train/labeled-set.ts'
import { labeledSet } from '../../support/labeled-photos.ts'

const files = ({ dataset }: LabeledSet): string[] => dataset.images.map(({ file_name: file }) => file)
const photos = (count: number, category = 1) => labeledSet(Array.from({ length: count }, () => [[category, [0, 0, 9, 9]] as const]))

t.test('a share, by seed', async t => {
  const set = photos(20)
  const { train, validation } = splitSet(set, 0.2, 1)
  t.equal(validation.dataset.images.length, 4)
  t.same([...files(train), ...files(validation)].sort(), files(set).sort())
  t.same(validation.dataset.annotations.map(({ image_id: id }) => `${id}.jpg`), files(validation))
  t.same(files(splitSet(set, 0.2, 1).validation), files(validation))
  t.notSame(files(splitSet(set, 0.2, 2).validation), files(validation))
  const reversed = { ...set, dataset: { ...set.dataset, images: set.dataset.images.toReversed() } }
  t.same(files(splitSet(reversed, 0.2, 1).validation).sort(), files(validation).sort())
})

t.test('one photo at least, none if asked, 500 at most', async t => {
  t.equal(splitSet(photos(3), 0.01, 1).validation.dataset.images.length, 1)
  t.equal(splitSet(photos(3), 0, 1).validation.dataset.images.length, 0)
  t.equal(splitSet(photos(3000), 0.5, 1).validation.dataset.images.length, 500)
})

t.test('the last photo of a class is to train', async t => {
  const set = labeledSet([[[2, [0, 0, 9, 9]]], ...Array.from({ length: 5 }, () => [[1, [0, 0, 9, 9]] as const])])
  for (let seed = 0; seed < 10; seed++) {
    const { train, validation } = splitSet(set, 0.9, seed)
    t.ok(files(train).includes('0.jpg'))
    t.equal(validation.dataset.images.length, 4)
  }
})

t.test('photos with the same bytes stay together; unreadable ones count by name', async t => {
  const set = photos(10)
  const facts = new Map(set.photos)
  for (const file of ['1.jpg', '2.jpg', '3.jpg']) facts.set(file, { width: 9, height: 9, orientation: 1, hash: 'same' })
  facts.set('0.jpg', 'empty')
  for (let seed = 0; seed < 10; seed++) {
    const { validation } = splitSet({ ...set, photos: facts }, 0.5, seed)
    t.ok([0, 3].includes(files(validation).filter(file => ['1.jpg', '2.jpg', '3.jpg'].includes(file)).length))
  }
})
