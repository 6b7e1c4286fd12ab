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

t.test('labels that are nearly those of the model are suggested', async t => {
  const refused = (text: string, message: string) => t.throws(() => classIds(text, COCO_LABELS), { message })
  refused('persn', 'the model has no label persn; did you mean person?')
  refused('CELLPHONE,tie,Aeroplane', 'the model has no label CELLPHONE, Aeroplane; did you mean cell phone, airplane?')
  refused('dgo,dgo,unicorn', 'the model has no label dgo, unicorn; did you mean dog?')
})

t.test('of equal labels, the first counts', async t => t.same(classIds('b,a', ['a', 'b', 'b']), [1, 0]))

t.test('classes without names are numbered', async t => {
  t.same(numberedLabels(2), ['class_0', 'class_1'])
})
