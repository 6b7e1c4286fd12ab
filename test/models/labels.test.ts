import t from 'tap'
import { classIds, COCO_LABELS, numberedLabels } from '../../models/labels.ts'

t.test('COCO\'s order', async t => {
  t.equal(COCO_LABELS.length, 80)
  t.same([0, 9, 27, 79].map(i => COCO_LABELS[i]), ['person', 'traffic light', 'tie', 'toothbrush'])
})

t.test('labels become class ids, each once', async t => {
  t.same(classIds('tie, person,tie,', COCO_LABELS), [27, 0])
  t.same(classIds('traffic light', COCO_LABELS), [9])
  t.throws(() => classIds('person,unicorn,elf', COCO_LABELS), { name: 'LabelError', message: 'the model has no label unicorn, elf' })
  t.throws(() => classIds(' , ', COCO_LABELS), { message: 'expected labels, separated by commas' })
})

t.test('of equal labels, the first counts', async t => t.same(classIds('b,a', ['a', 'b', 'b']), [1, 0]))

t.test('classes without names are numbered', async t => {
  t.same(numberedLabels(2), ['class_0', 'class_1'])
})
