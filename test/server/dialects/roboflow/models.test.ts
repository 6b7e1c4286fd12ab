import t from 'tap'
import { modelOf } from '../../../../server/dialects/roboflow/models.ts'

t.test('what Roboflow\'s ids mean', async t => {
  t.equal(modelOf(undefined), undefined)
  t.equal(modelOf('coco/3'), undefined, 'the default')
  t.equal(modelOf('coco/41'), undefined)
  t.equal(modelOf('nanodet-m-416'), 'nanodet-m-416')
  t.equal(modelOf('nanodet-m-416/12'), 'nanodet-m-416')
  t.equal(modelOf('coco/latest'), 'coco/latest')
})
