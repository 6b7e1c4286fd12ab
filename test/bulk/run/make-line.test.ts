import { createHash } from 'node:crypto'
import t from 'tap'
import { SourceError } from '../../../bulk/errors.ts'
import { makeLine } from '../../../bulk/run/make-line.ts'
import type { Found } from '../../../bulk/run/run-model.ts'
import { ImageError, WorkerError } from '../../../engine/errors.ts'
import type { DetectedObject } from '../../../engine/results.ts'
import { imagesOf, memoryStore } from '../../support/bulk-images.ts'

const item = (name: string) => ({ name, stamp: '5' })
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const object = (label: string): DetectedObject => ({ label, classId: 0, score: 0.1234567, box: [0, 0, 1.23456, 2] })
const times = { queue: 0, decode: 1, preprocess: 1, inference: 1, postprocess: 1, total: 4 }

const found = (labels: readonly string[], files: Partial<Found> = {}): Found => ({
  output: { image: { width: 8, height: 6, format: 'jpeg', orientation: 1, pages: 1, space: 'srgb' }, objects: labels.map(object), times, ...files.crops && { crops: [] } },
  drawing: undefined,
  crops: [],
  features: undefined,
  ...files
})

function contextOf (find: () => Promise<Found>) {
  const { reader } = imagesOf({ 'a.jpg': 'bytes' })
  const { files, store } = memoryStore()
  return { context: { reader, model: { name: 'small', find }, store }, files }
}

t.test('a line has what POST /detect answers, with the digits that scoring needs', async t => {
  const { context, files } = contextOf(async () => found(['cat']))
  t.same(await makeLine(item('a.jpg'), context), {
    file: 'a.jpg',
    stamp: '5',
    sha256: sha256('bytes'),
    model: 'small',
    image: { width: 8, height: 6 },
    detections: [{ label: 'cat', class_id: 0, score: 0.123457, box: { x1: 0, y1: 0, x2: 1.2346, y2: 2 } }],
    timing: { decode_ms: 1, preprocess_ms: 1, inference_ms: 1, postprocess_ms: 1, total_ms: 4 }
  })
  t.equal(files.size, 0)
})

t.test('files are written first', async t => {
  const all = { drawing: Buffer.from('drawn'), crops: [Buffer.from('1'), Buffer.from('2')], features: Buffer.from('tensors') }
  const { context, files } = contextOf(async () => found(['cat', 'a/b'], all))
  files.set('crops/a.jpg/2-dog.jpg', Buffer.from('old'))
  await makeLine(item('a.jpg'), context)
  t.same(Object.fromEntries([...files].map(([path, bytes]) => [path, String(bytes)])), {
    'drawings/a.jpg.jpg': 'drawn',
    'features/a.jpg.safetensors': 'tensors',
    'crops/a.jpg/0-cat.jpg': '1',
    'crops/a.jpg/1-a%2fb.jpg': '2',
    'crops/a.jpg/2-dog.jpg': 'old'
  })
  await makeLine(item('a.jpg'), context, { isChanged: true })
  t.notOk(files.has('crops/a.jpg/2-dog.jpg'), 'objects of the earlier content')
  await makeLine(item('a.jpg'), { ...context, model: { name: 'small', find: async () => { throw new ImageError({ code: 'EMPTY_IMAGE' }) } } }, { isChanged: true })
  t.same([...files.keys()], [], 'files about the earlier content')
})

t.test('an image that fails has a line, too', async t => {
  const { context } = contextOf(async () => { throw new ImageError({ code: 'EMPTY_IMAGE' }) })
  t.same(await makeLine(item('a.jpg'), context), { file: 'a.jpg', stamp: '5', sha256: sha256('bytes'), error: { code: 'EMPTY_BODY', message: 'The image is empty' } })
  t.match(await makeLine(item('b.jpg'), context), { file: 'b.jpg', sha256: '', error: { code: 'UNREADABLE', message: 'no such file or directory' } })
  const { context: crashing } = contextOf(async () => { throw new WorkerError('the worker process 4711 ended: killed', { ended: true }) })
  t.match(await makeLine(item('a.jpg'), crashing), { error: { code: 'INFERENCE_FAILED', message: 'the worker process ended: killed' } })
})

t.test('a known content is not worked on again; other errors end the run', async t => {
  const { context } = contextOf(async () => { throw new SourceError('disk full') })
  t.equal(await makeLine(item('a.jpg'), context, { isKnown: hash => hash === sha256('bytes') }), undefined)
  await t.rejects(makeLine(item('a.jpg'), context), { name: 'SourceError' })
})
