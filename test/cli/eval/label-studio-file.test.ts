import t from 'tap'
import { readLabelStudioFile } from '../../../cli/eval/label-studio-file.ts'

const PLACE = { original_width: 700, original_height: 350, image_rotation: 0 }
const VALUE = { x: 10, y: 20, width: 30, height: 40, rotation: 0 }

/** As Label Studio writes it. */
const taskOf = (result: readonly object[]) => ({
  id: 1,
  annotations: [{
    id: 5,
    completed_by: 1,
    result,
    was_cancelled: false,
    ground_truth: false,
    created_at: '2026-07-06T07:55:09.743978Z',
    updated_at: '2026-07-06T07:55:09.743978Z',
    lead_time: 11.2,
    prediction: {},
    result_count: 0,
    unique_id: 'f0c0b8a8-9d5d-4a55-9b59-fb9c7d9a4b0c'
  }],
  file_upload: '5b1ab0a4-me.jpg',
  drafts: [],
  predictions: [],
  data: { image: '/data/upload/1/5b1ab0a4-me.jpg' },
  meta: {},
  project: 1
})
const rectangle = (label: string, value: object = {}, place: object = {}) => ({
  ...PLACE, ...place, value: { ...VALUE, ...value, rectanglelabels: [label] }, id: 'Dx_aB91ISN', from_name: 'label', to_name: 'image', type: 'rectanglelabels', origin: 'manual'
})

const read = (t: Pick<typeof import('tap')['default'], 'testdir'>, json: unknown) =>
  readLabelStudioFile(`${t.testdir({ 'project.json': JSON.stringify(json) })}/project.json`)

t.test('percent become pixels', async t => {
  const polygon = { ...PLACE, value: { points: [[1, 1], [2, 2], [3, 1]], polygonlabels: ['sea'] }, type: 'polygonlabels' }
  const choice = { value: { choices: ['day'] }, id: 'a', from_name: 'when', to_name: 'image', type: 'choices' }
  const truth = await read(t, [taskOf([rectangle('tie'), rectangle('person', { rotation: 90 }), polygon, choice])])
  t.match(truth.images, [{ file_name: '/data/upload/1/5b1ab0a4-me.jpg' }])
  t.same(truth.sizes, new Map([['/data/upload/1/5b1ab0a4-me.jpg', { width: 700, height: 350 }]]))
  t.same(truth.annotations.map(({ category_id: name, bbox }) => [name, bbox.map(Math.round)]), [['tie', [70, 70, 210, 140]], ['person', [-70, 70, 140, 210]]])
  t.same(truth.categories.map(({ name }) => name), ['person', 'tie'])
  t.same(truth.notes, ['1 rotated rectangle: the bounding box counts', '2 results without labeled rectangle ignored: only rectangles are read'])
})

t.test('JSON-MIN', async t => {
  const item = { image: 's3://photos/a%20b.jpg', id: 2, label: [{ ...VALUE, rectanglelabels: ['a', 'b'], ...PLACE }], annotator: 1, annotation_id: 2, lead_time: 3 }
  const truth = await read(t, [item])
  t.match(truth, { images: [{ file_name: 's3://photos/a%20b.jpg' }], annotations: [{ category_id: 'a', area: 29400 }, { category_id: 'b' }], notes: { length: 0 } })
})

t.test('boxes whose pixels are unknown', async t => {
  await t.rejects(read(t, [taskOf([rectangle('a', {}, { original_width: undefined })])]), { name: 'CommandError', message: /me\.jpg: a box without original_width/ })
  await t.rejects(read(t, [taskOf([rectangle('a', {}, { image_rotation: 90 })])]), { message: /me\.jpg: rotated in the editor/ })
  await t.rejects(read(t, [taskOf([rectangle('a', {}, { original_width: -700 })])]), { message: /me\.jpg: a box without original_width/ })
  const message = /me\.jpg: a box whose x, y, width and height are not numbers/
  await t.rejects(read(t, [taskOf([rectangle('a', { x: undefined })])]), { message })
  await t.rejects(read(t, [taskOf([rectangle('a', { rotation: 1e308 })])]), { message })
})
