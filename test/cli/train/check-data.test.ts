import t from 'tap'
import { checkData } from '../../../cli/train/check-data.ts'
import type { LabeledSet } from '../../../cli/train/labeled-set.ts'
import { labeledSet } from '../../support/labeled-photos.ts'

const GOOD = [[[1, [1, 2, 30, 40]]], [[2, [1, 2, 30, 40]]]] as const
const good = labeledSet(GOOD)
const fails = (t: import('tap').Test, message: string, train: LabeledSet, validation?: LabeledSet) =>
  t.throws(() => checkData({ train, validation }), { name: 'CommandError', message })

t.test('good data have no warnings', async t => {
  t.same(checkData({ train: good, validation: undefined }), [])
})

t.test('faults of a set', async t => {
  fails(t, 'no objects are annotated in the photos of photos', labeledSet([[], []]))
  fails(t, '1 photo is not enough: training and validation need at least one each', labeledSet(GOOD.slice(0, 1)))
  fails(t, 'image id used more than once: 3', labeledSet(GOOD, { faults: ['image id used more than once: 3'] }))
  fails(t, 'categories with the same name: disc', labeledSet(GOOD, { categories: [{ id: 1, name: 'disc' }, { id: 2, name: 'disc' }] }))
  fails(t, 'a category has an empty name', labeledSet(GOOD, { categories: [{ id: 1, name: 'disc' }, { id: 2, name: '' }] }))
  fails(t, '1 category name has control characters: a\\u000ab', labeledSet(GOOD, { categories: [{ id: 1, name: 'disc' }, { id: 2, name: 'a\nb' }] }))
  const many = Array.from({ length: 10_001 }, (_, i) => ({ id: i, name: String(i) }))
  fails(t, '10001 categories are too many: a model has at most 10000', labeledSet(GOOD, { categories: many }))
  t.throws(() => checkData({ train: labeledSet([[], []], { categories: [] }), validation: undefined }), { message: /^no categories in the annotations of photos\n/ })
})

t.test('every kind has a line', async t => {
  t.throws(() => checkData({ train: labeledSet([[[1, [1, 2, 0, 4]], [3, [1, 2, 3, 4]]], [[1, [500, 2, 3, 4]]]]), validation: undefined }), {
    message: '1 annotation has no area: 0.jpg [1, 2, 0, 4]\n1 annotation has a category that is not listed: 0.jpg [1, 2, 3, 4] category 3\n' +
      '1 annotation is outside the photo: 1.jpg [500, 2, 3, 4]'
  })
  const faults = Array.from({ length: 25 }, (_, i) => `fault ${i}`)
  t.throws(() => checkData({ train: labeledSet(GOOD, { faults }), validation: undefined }), { message: /fault 19\nand 5 more$/ })
})

t.test('faults between two sets', async t => {
  fails(t, '2 photos are both to train and to validate: 0.jpg, 1.jpg', good, good)
  const other = labeledSet(GOOD, { categories: [{ id: 1, name: 'disc' }, { id: 2, name: 'box' }] }, { hash: 'other' })
  fails(t, 'categories of the photos to validate that those to train do not have: box', good, other)
})

t.test('warnings', async t => {
  const odd = labeledSet([...GOOD, []], { notes: ['class names: data.yaml'] }, { hash: 'same' })
  t.same(checkData({ train: odd, validation: undefined }), [
    'class names: data.yaml', '1 photo is in the folder more than once: 0.jpg = 1.jpg = 2.jpg', '1 photo without objects: all that is in them counts as background'
  ])
})
