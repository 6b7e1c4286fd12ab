import t from 'tap'
import { detectionData } from '../../../cli/train/detection-data.ts'
import { CATEGORIES, labeledSet } from '../../support/labeled-photos.ts'

t.test('examples by label, clipped, once each, without crowds; the truth to score by', async t => {
  const train = labeledSet([[[2, [-1, 10, 20, 90]], [2, [-1, 10, 20, 90]], [1, [0, 0, 9, 9]]], []])
  const crowd = { image_id: 0, category_id: 1, bbox: [1, 2, 3, 4], area: 12, iscrowd: 1 } as const
  const own = labeledSet([[[1, [5, 6, 7, 8]]]], { categories: CATEGORIES.toReversed() })
  const validation = { ...own, dataset: { ...own.dataset, annotations: [...own.dataset.annotations, crowd] } }
  const data = detectionData(train, validation)
  t.same(data.labels, ['disc', 'square'])
  t.same(data.train, [
    { path: 'photos/0.jpg', objects: [{ box: [0, 10, 19, 80], label: 1 }, { box: [0, 0, 9, 9], label: 0 }] },
    { path: 'photos/1.jpg', objects: [] }
  ])
  t.same(data.validation, [{ path: 'photos/0.jpg', objects: [{ box: [5, 6, 12, 14], label: 0 }] }])
  t.match(data.truth, {
    images: [{ id: 0, file_name: '0.jpg' }],
    annotations: [{ image_id: 0, category_id: 0, bbox: [5, 6, 7, 8] }, { image_id: 0, category_id: 0, iscrowd: 1 }],
    categories: [{ id: 0, name: 'disc' }, { id: 1, name: 'square' }]
  })
  t.match(data.sizes, [{ width: 100, height: 80 }, { width: 100, height: 80 }])
})
