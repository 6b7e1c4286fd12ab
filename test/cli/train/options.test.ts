import t from 'tap'
import { TRAIN_OPTIONS } from '../../../cli/train/options.ts'

t.test('values are checked', async t => {
  t.equal(TRAIN_OPTIONS.seed.parse('7'), 7)
  t.equal(TRAIN_OPTIONS.seed.parse(undefined), 1)
  t.equal(TRAIN_OPTIONS.task.parse(undefined), 'detect')
  t.equal(TRAIN_OPTIONS.valShare.parse('.25'), 0.25)
  for (const [option, value] of [['epochs', '0'], ['valShare', '1'], ['lr', '-1'], ['batch', '1.5']] as const) {
    t.notOk(TRAIN_OPTIONS[option].safeParse(value).success, option)
  }
})
