import t from 'tap'
import { namedClassifier, shortNames } from '../../../cli/train/classifier-names.ts'

const LABELS = ['cat', 'dog']
const backbone = (name: string) => namedClassifier(name, LABELS)?.backbone

t.test('families, with and without a width', async t => {
  t.match(namedClassifier('shufflenetv1-0.5x', LABELS), {
    name: 'shufflenetv1-0.5x',
    backbone: { name: 'shufflenetv1', width: '0.5x', groups: 3, shuffle: 'after-depthwise' },
    input: { width: 96, height: 96 },
    normalization: { channelOrder: 'RGB' },
    labels: LABELS
  })
  t.match(backbone('shufflenetv1-1.0x-g8'), { width: '1.0x', groups: 8 })
  t.match(backbone('shufflenetv2'), { name: 'shufflenetv2', width: '1.0x' })
  t.match(backbone('mobilenetv1-0.25'), { name: 'mobilenetv1', width: 0.25 })
  t.match(backbone('mobilenetv2-0.35x'), { width: 0.35 })
  t.match(backbone('shufflenetv2-2'), { width: '2.0x' })
  t.match(backbone('ghostnet'), { name: 'ghostnet', width: 1 })
})

t.test('names of no family are left to others', async t => {
  t.equal(namedClassifier('street', LABELS), undefined)
  t.equal(namedClassifier('ghostnetter', LABELS), undefined)
})

t.test('forms that a family does not have', async t => {
  const forms = 'expected shufflenetv1-0.5x|1.0x|1.5x|2.0x'
  for (const name of ['shufflenetv1-0.7x', 'shufflenetv1-0.5x-g4', 'shufflenetv1-small']) {
    t.throws(() => namedClassifier(name, LABELS), { name: 'UsageError', message: `--model: unknown form ${name}; ${forms}` })
  }
  for (const name of ['mobilenetv2-0.5-g3', 'mobilenetv2-99', 'mobilenetv2-0']) {
    t.throws(() => namedClassifier(name, LABELS), { message: `--model: unknown form ${name}; expected mobilenetv2-FACTOR` })
  }
})

t.test('the short names of all families', async t => {
  t.same(shortNames(), [
    'ghostnet-FACTOR', 'mobilenetv1-FACTOR', 'mobilenetv2-FACTOR', 'shufflenetv1-0.5x|1.0x|1.5x|2.0x', 'shufflenetv2-0.5x|1.0x|1.5x|2.0x'
  ])
})
