import t from 'tap'
import { missPictures, truthAndFound } from '../../../../cli/train/report/pictures.ts'
import { labeledPhotos } from '../../../support/labeled-photos.ts'

const { photos, truth: { images, annotations } } = await labeledPhotos(2)
const truth = {
  images: images.map(image => ({ ...image, id: Number(image.id) - 1 })),
  annotations: annotations.map(one => ({ ...one, image_id: Number(one.image_id) - 1, category_id: Number(one.category_id) - 1 })),
  categories: [{ id: 0, name: 'disc' }, { id: 1, name: 'square' }]
}

t.test('photos with truth and findings, and those with mistakes', async t => {
  const folder = t.testdir(photos)
  const results = [
    { image_id: 0, category_id: 1, bbox: [0, 0, 20, 20] as const, score: 0.8 },
    { image_id: 1, category_id: 1, bbox: annotations[1]!.bbox, score: 0.9 }
  ]
  const validated = { folder, truth, results, thresholds: { score: 0.35, iou: 0.5 } }
  const pairs = await truthAndFound(validated)
  t.equal(pairs.length, 2)
  t.match(pairs[0], /data:image\/jpeg;base64,.*1\.jpg: truth.*data:image\/jpeg.*found/s)
  const misses = await missPictures(validated)
  t.equal(misses.length, 1)
  t.match(misses[0], '<figcaption>1.jpg: 1 missed, 1 wrong</figcaption>')
  t.match((await missPictures({ ...validated, results: [] }))[1], '<figcaption>2.jpg: 1 missed</figcaption>')
  const twice = [...results, ...results.slice(0, 1)]
  t.match((await missPictures({ ...validated, results: twice }))[0], '1 missed, 2 wrong')
})

t.test('a photo that is gone', async t => {
  await t.rejects(truthAndFound({ folder: t.testdir({}), truth, results: [], thresholds: { score: 0.35, iou: 0.5 } }), { name: 'CommandError', message: /1\.jpg: no such file/ })
})
