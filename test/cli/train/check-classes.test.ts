import t from 'tap'
import { checkClasses, copiesIn, labelsOf } from '../../../cli/train/check-classes.ts'
import type { ClassSet } from '../../../cli/train/class-set.ts'
import { classSet } from '../../support/class-photos.ts'

const many = (label: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${label}/${i}.jpg ${label}${i}`)
const GOOD = [...many('cat', 10), ...many('dog', 12)]
const fails = (t: import('tap').Test, message: string, train: ClassSet, validation?: ClassSet) =>
  t.throws(() => checkClasses({ train, validation }), { name: 'CommandError', message })

t.test('good photos have no warnings', async t => {
  t.same(checkClasses({ train: classSet(GOOD), validation: undefined }), [])
  t.same(labelsOf(classSet(['b/1.jpg x', 'a/1.jpg y', 'b/2.jpg z'])), ['a', 'b'])
})

t.test('faults of a set', async t => {
  fails(t, 'photos: no photos: expected a folder with photos for each class', classSet([]))
  fails(t, '1 photo has no class: loose.jpg', classSet([...GOOD, 'loose.jpg x']))
  fails(t, 'photos: one class only: a classifier tells at least two apart', classSet(many('cat', 10)))
  fails(t, '2 class folders have no photos: fox, owl', classSet(GOOD, { empty: ['fox', 'owl'] }))
  fails(t, '1 photo is listed more than once: cat/0.jpg', classSet([...GOOD, 'cat/0.jpg cat0']))
  fails(t, '1 photo is in more than one class: cat/1.jpg = dog/x.jpg', classSet([...GOOD, 'dog/x.jpg cat1']))
  fails(t, '1 class name has control characters: a\\u000ab', classSet([...many('a\nb', 10), ...many('cat', 10)]))
  const set = classSet(GOOD)
  fails(t, '1 photo can\'t be read: cat/0.jpg (the file is damaged)', { ...set, facts: new Map([...set.facts, ['cat/0.jpg', 'the file is damaged']]) })
  fails(t, '10001 classes are too many: a model has at most 10000', classSet(Array.from({ length: 10_001 }, (_, i) => `${i}/a.jpg ${i}`)))
})

t.test('oddities are stated', async t => {
  const warnings = (lines: readonly string[]) => checkClasses({ train: classSet(lines), validation: undefined })
  t.same(warnings([...GOOD, 'cat/copy.jpg cat3']), ['1 photo is there more than once: cat/3.jpg = cat/copy.jpg'])
  t.same(warnings([...many('cat', 210), ...many('dog', 9)]), [
    'classes with fewer than 10 photos: dog', 'the largest class has 210 photos, the smallest 9: the model will hardly learn the small one'
  ])
})

t.test('faults between two sets', async t => {
  const good = classSet(GOOD)
  t.same(checkClasses({ train: good, validation: classSet(['cat/v.jpg v'], { folder: 'val' }) }), [])
  fails(t, '1 photo is both to train and to validate: cat/0.jpg = cat/v.jpg', good, classSet(['cat/v.jpg cat0']))
  fails(t, 'classes of the photos to validate that those to train do not have: owl', good, classSet(['owl/v.jpg v']))
  fails(t, '1 photo has no class: loose.jpg', good, classSet(['loose.jpg v', 'cat/v.jpg w']))
})

t.test('copies are found by their bytes; photos that can\'t be read have none', async t => {
  const set = classSet(['a/1.jpg x', 'a/2.jpg x', 'b/1.jpg y'])
  t.same([...copiesIn({ ...set, facts: new Map([...set.facts, ['b/1.jpg', 'damaged']]) }).values()].map(copies => copies.length), [2])
})
