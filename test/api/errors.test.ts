import t from 'tap'
import { NanodetError, toNanodetError } from '../../api/errors.ts'
import {
  AbortedError, ClosedError, ImageError, ModelLoadError, OverloadError, UnknownModelError, WorkerError
} from '../../engine/errors.ts'

const of = (error: unknown) => toNanodetError(error, ['a', 'b'])

t.test('codes and statuses are those of the HTTP API', async t => {
  t.match(await of(new ImageError({ code: 'EMPTY_IMAGE' })), { name: 'NanodetError', code: 'EMPTY_BODY', statusCode: 400 })
  t.match(await of(new WorkerError('gone')), { code: 'INFERENCE_FAILED', statusCode: 500, cause: { message: 'gone' } })
  t.match(await of(new AbortedError()), { code: 'CLIENT_CLOSED_REQUEST' })
  t.match(await of(new OverloadError('queue_full', 3)), { code: 'OVERLOADED', statusCode: 503, retryAfter: 3 })
  t.equal((await of(new TypeError('bug'))).code, 'INTERNAL_ERROR')
})

t.test('messages speak of the engine rather than of a server', async t => {
  t.match(await of(new ClosedError()), { code: 'NOT_READY', message: 'The engine is closed' })
  t.match(await of(UnknownModelError.named('c')), { code: 'MODEL_NOT_FOUND', message: 'Unknown model c; available: a, b' })
  t.match(await toNanodetError(UnknownModelError.named('c'), []), { message: 'Unknown model c; available: none' })
})

t.test('a model with unusable files differs from one that could not be loaded this time', async t => {
  t.match(await of(new ModelLoadError('a', 'truncated')), { code: 'INVALID_MODEL', statusCode: 422 })
  const ended = new ModelLoadError('a', 'ended', { cause: new WorkerError('ended', { ended: true }) })
  t.match(await of(ended), { code: 'MODEL_UNAVAILABLE', statusCode: 503 })
})

t.test('its own errors stay as they are', async t => {
  const error = new NanodetError('OVERLOADED', 503, 'later', { retryAfter: 2 })
  t.equal(await of(error), error)
})
