import t from 'tap'
import { readModel } from '../../cli/model-argument.ts'

t.test('a model by name', async t => t.equal(readModel('nanodet-plus-m-320', 'npm run summary').name, 'nanodet-plus-m-320'))

t.test('what is no model is told from what there is', async t => {
  t.throws(() => readModel('yolo', 'npm run summary'), { name: 'UsageError', message: /^There is no model yolo; there is nanodet-m-0\.5x, / })
  t.throws(() => readModel(undefined, 'npm run summary'), { name: 'UsageError', message: /^Expected a model: npm run summary -- MODEL; there is / })
})
