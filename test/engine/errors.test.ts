import { deserialize, serialize } from 'node:v8'
import t from 'tap'
import {
  AbortedError, ClosedError, FeaturesError, fromFailure, ImageError, ModelLoadError, NoGradientsError, NotDetectedError, OverloadError,
  TensorError, toFailure, UnknownModelError, WorkerError, WrongTaskError, type ImageProblem
} from '../../engine/errors.ts'
import { NotAMapError } from '../../engine/features/array.ts'

const messages: Array<[ImageProblem, string]> = [
  [{ code: 'EMPTY_IMAGE' }, 'The image is empty'],
  [{ code: 'UNSUPPORTED_IMAGE', found: 'a HEIC photo', instead: 'JPEG' }, 'Cannot decode a HEIC photo; send JPEG instead'],
  [{ code: 'CORRUPT_IMAGE', format: 'webp' }, 'The WEBP image is damaged, cut short or encoded in a way that cannot be decoded'],
  [{ code: 'IMAGE_TOO_LARGE', maxPixels: 50e6, declared: { width: 65535, height: 65535 } },
    'The image declares 65535×65535 (4290 megapixels); at most 50 megapixels are accepted'],
  [{ code: 'IMAGE_TOO_LARGE', maxPixels: 50e6 },
    'The image declares more pixels than can be decoded; at most 50 megapixels are accepted']
]

t.test('the message is made from the fields', async t => {
  for (const [problem, message] of messages) t.equal(new ImageError(problem).message, message)
})

t.test('code, fields and cause are kept', async t => {
  const problem: ImageProblem = { code: 'CORRUPT_IMAGE', format: 'jpeg' }
  const cause = new Error('VipsJpeg: premature end')
  const error = new ImageError(problem, { cause })
  t.match(error, { name: 'ImageError', code: 'CORRUPT_IMAGE', problem, cause })
  t.type(error, Error)
})

t.test('each class has a name, and a message for whoever gets it', async t => {
  const known: Array<[Error, string, string]> = [
    [new WorkerError('out of memory'), 'WorkerError', 'out of memory'],
    [new FeaturesError('no such channel'), 'FeaturesError', 'no such channel'],
    [new TensorError('not [1, 3]'), 'TensorError', 'not [1, 3]'],
    [new OverloadError('queue_full', 3), 'OverloadError', 'Server overloaded; retry after 3 s'],
    [new AbortedError(), 'AbortedError', 'The client closed the connection before its turn'],
    [new ClosedError(), 'ClosedError', 'The server is shutting down'],
    [UnknownModelError.named('street'), 'UnknownModelError', 'Unknown model street; GET /models lists the available models'],
    [new WrongTaskError('street', 'classify', ['detect', 'features']), 'WrongTaskError', 'The model street does not support classify; it supports detect, features'],
    [new ModelLoadError('street', 'no weights'), 'ModelLoadError', 'The model street can\'t be loaded: no weights']
  ]
  for (const [error, name, message] of known) t.match(error, { name, message })
})

t.test('a WorkerError says whether its process ended', async t => {
  t.equal(new WorkerError('bad weights').ended, false)
  t.equal(new WorkerError('killed', { ended: true }).ended, true)
})

/** An error that another process threw, as this one gets it. */
const sent = (error: unknown): Error => fromFailure(deserialize(serialize(toFailure(error))))

t.test('errors that are the client\'s keep class, message and fields from process to process', async t => {
  for (const [problem, message] of messages) {
    const error = sent(new ImageError(problem, { cause: new Error('VipsJpeg: premature end') }))
    t.ok(error instanceof ImageError)
    t.match(error, { message, problem, code: problem.code, cause: 'Error: VipsJpeg: premature end' })
  }
  for (const Type of [NotDetectedError, NoGradientsError]) {
    const error = sent(new Type('why'))
    t.ok(error instanceof Type)
    t.equal(error.message, 'why')
  }
  const features = sent(new FeaturesError('no such channel'))
  t.ok(features instanceof FeaturesError)
  t.match(features, { name: 'FeaturesError', message: 'no such channel' })
  t.match(sent(new TensorError('not [1, 3]')), { name: 'TensorError', message: 'not [1, 3]' })
  const overload = sent(new OverloadError('deadline', 7))
  t.ok(overload instanceof OverloadError)
  t.match(overload, { reason: 'deadline', retryAfter: 7, message: 'Server overloaded; retry after 7 s' })
})

t.test('an error without a cause gets none on the way', async t => {
  t.notOk('cause' in sent(new ImageError({ code: 'EMPTY_IMAGE' })))
})

t.test('an error of a subclass keeps the class that travels', async t => {
  const error = sent(new NotAMapError([1, 3549, 112]))
  t.ok(error instanceof FeaturesError)
  t.match(error.message, /^\[1, 3549, 112\] is not a feature map/)
})

t.test('all others become a WorkerError of the same message: the job failed, the process did not end', async t => {
  const others = [
    new Error('unknown node'), new TypeError('unknown node'), new WorkerError('unknown node'), Object.assign(new Error('unknown node'), { name: 'NetworkError' }),
    'unknown node'
  ]
  for (const other of others) {
    const error = sent(other)
    t.ok(error instanceof WorkerError)
    t.match(error, { message: 'unknown node', ended: false })
  }
  for (const ours of [new AbortedError(), new ClosedError(), new ModelLoadError('m', 'no weights')]) t.match(sent(ours), { name: 'WorkerError', message: ours.message })
})
