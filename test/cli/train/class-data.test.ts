import t from 'tap'
import { classData, photosByClass } from '../../../cli/train/class-data.ts'
import { classSet } from '../../support/class-photos.ts'

const many = (label: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${label}/${i}.jpg ${label}${i}`)
const train = classSet([...many('dog', 20), ...many('cat', 10)])

t.test('a share of each class is to validate, drawn by seed', async t => {
  const data = classData({ train, validation: undefined }, { seed: 1 })
  t.same(data.labels, ['cat', 'dog'])
  t.same([photosByClass(data.train, data.labels), photosByClass(data.validation, data.labels)], [[8, 16], [2, 4]])
  t.match(data.train[0], { path: 'photos/dog/0.jpg', label: 1 })
  t.same(new Set([...data.train, ...data.validation].map(({ path }) => path)).size, 30)
  t.same(classData({ train, validation: undefined }, { seed: 1 }), data)
  t.notSame(classData({ train, validation: undefined }, { seed: 2 }).validation, data.validation)
})

t.test('each class keeps a photo to train; none is to validate with a share of 0', async t => {
  const tiny = classSet(['a/1.jpg x', 'b/1.jpg y', 'b/2.jpg z'])
  const { train, validation } = classData({ train: tiny, validation: undefined }, { seed: 1, valShare: 0.9 })
  t.same([photosByClass(train, ['a', 'b']), photosByClass(validation, ['a', 'b'])], [[1, 1], [0, 1]])
  t.same(classData({ train: tiny, validation: undefined }, { seed: 1, valShare: 0 }).validation, [])
})

t.test('copies of a photo stay together', async t => {
  const copies = classSet(Array.from({ length: 20 }, (_, i) => `a/${i}.jpg ${i >> 1}`))
  for (const seed of [1, 2, 3]) {
    const { validation } = classData({ train: copies, validation: undefined }, { seed, valShare: 0.3 })
    const numbers = validation.map(({ path }) => Number(/\d+/.exec(path)![0]) >> 1)
    t.equal(numbers.length, 2 * new Set(numbers).size)
  }
})

t.test('at most 2,000 photos are to validate, unless there is a set', async t => {
  const large = classSet(many('a', 11_000))
  t.equal(classData({ train: large, validation: undefined }, { seed: 1 }).validation.length, 2000)
  const validation = classSet(['cat/v.jpg v'], { folder: 'val' })
  t.same(classData({ train, validation }, { seed: 1 }).validation, [{ path: 'val/cat/v.jpg', label: 0 }])
})
