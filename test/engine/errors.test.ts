import t from 'tap'
import { ImageError, WorkerError, type ImageProblem } from '../../engine/errors.ts'

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

t.test('a worker\'s failure is told apart by its name', async t => {
  t.match(new WorkerError('out of memory'), { name: 'WorkerError', message: 'out of memory' })
})
