import t from 'tap'
import { labeledPhotos } from '../../../cli/eval/label-studio-tasks.ts'

const VALUE = { x: 1, y: 2, width: 3, height: 4 }
const region = (label: string) => ({ original_width: 10, original_height: 20, value: { ...VALUE, rectanglelabels: [label] } })
const annotation = (label: string, more: object = {}) => ({ result: [region(label)], was_cancelled: false, updated_at: '2026-01-01T00:00:00Z', ...more })
const labelsOf = (json: unknown) => labeledPhotos('f', json).photos
  .map(({ image, regions }) => [image, regions.map(({ rectanglelabels: [label] = [] }) => label)])

t.test('the latest annotation of each photo', async t => {
  const tasks = [
    { data: { image: 'a.jpg' }, annotations: [annotation('new', { updated_at: '2026-03-01T00:00:00Z' }), annotation('old')] },
    { data: { image: 'b.jpg' }, annotations: [annotation('skipped', { was_cancelled: true })] },
    { data: { image: 'c.jpg' }, annotations: [annotation('first', { updated_at: null }), annotation('second', { updated_at: undefined })] },
    { data: { image: 'd.jpg' } }
  ]
  t.same(labelsOf(tasks), [['a.jpg', ['new']], ['c.jpg', ['second']]])
  t.same(labeledPhotos('f', tasks).notes, ['2 photos with several annotations: the latest counts', '2 tasks without an annotation: left out'])
})

t.test('the photo is the first value that names one', async t => {
  const imageOf = (data: object) => labelsOf([{ data, annotations: [annotation('x')] }])[0]![0]
  t.equal(imageOf({ text: 'hello', photo: 'https://x/y.png?sign=a.b', image: 'other' }), 'https://x/y.png?sign=a.b')
  t.equal(imageOf({ n: 1, url: '/data/local-files/?d=x/y.JPG' }), '/data/local-files/?d=x/y.JPG')
  t.equal(imageOf({ image: 's3://bucket/12' }), 's3://bucket/12')
  t.throws(() => imageOf({ image: '' }), { message: 'f: task 1: no image in its data' })
  t.throws(() => imageOf({ text: 'hello' }), { name: 'CommandError', message: 'f: task 1: no image in its data' })
})

t.test('JSON-MIN has an annotation in each item', async t => {
  const box = { x: 1, y: 2, width: 3, height: 4, rotation: 0, original_width: 10, original_height: 20, rectanglelabels: ['cat'] }
  const items = [
    { image: 'a.jpg', id: 1, label: [box], mood: ['calm'], annotator: 1, annotation_id: 1, updated_at: '2026-03-01' },
    { image: 'a.jpg', id: 1, label: [box, box], annotator: 2, annotation_id: 2, updated_at: '2026-02-01' },
    { image: 'b.jpg', id: 2, annotator: 1 }
  ]
  t.same(labelsOf(items), [['a.jpg', ['cat']], ['b.jpg', []]])
  t.throws(() => labelsOf([{ ...items[0], label: [{ ...box, x: '1' }] }]), { name: 'CommandError', message: /^f: task 1: x: .*number/ })
})

t.test('what is not an export', async t => {
  t.throws(() => labeledPhotos('f', []), { name: 'CommandError', message: /^f: not an export of Label Studio: / })
  t.throws(() => labeledPhotos('f', {}), { message: /^f: not an export of Label Studio: / })
  t.throws(() => labeledPhotos('f', [{ data: {}, annotations: [{ result: 1 }] }]), { message: /^f: not an export of Label Studio: 0: annotations: 0: result: / })
  t.throws(() => labelsOf([{ data: { image: 'a.jpg' }, annotations: [annotation('')] }]), { message: /rectanglelabels: 0: / })
  t.throws(() => labeledPhotos('f', [{ data: { image: 'a.jpg' }, annotations: [] }]), { message: 'f: no task has an annotation' })
})
