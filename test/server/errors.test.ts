import t from 'tap'
import { FeaturesError, ImageError, NoGradientsError, NotDetectedError, WorkerError } from '../../engine/errors.ts'
import { UnknownLayerError } from '../../models/choose-layers.ts'
import { LabelError } from '../../models/labels.ts'
import { ApiError, ERRORS, toApiError } from '../../server/errors.ts'
import { source } from '../support/files.ts'

t.test('docs/errors.md explains every code with its status, and no other', async t => {
  const rows = [...source('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map(([, code, status]) => [code!, Number(status)] as const)
  t.same(Object.fromEntries(rows), ERRORS)
})

t.test('an error is what Fastify writes', async t => {
  t.same(new ApiError('MODEL_NOT_FOUND', 'Unknown model x').toJSON(), {
    statusCode: 404, code: 'MODEL_NOT_FOUND', error: 'Not Found', message: 'Unknown model x'
  })
})

t.test('every error becomes one of ours', async t => {
  const cause = (code: string, statusCode: number) => Object.assign(new Error('why'), { code, statusCode })
  const cases: Array<[error: unknown, code: string]> = [
    [new ApiError('NOT_READY', 'wait'), 'NOT_READY'],
    [new ImageError({ code: 'EMPTY_IMAGE' }), 'EMPTY_BODY'],
    [new ImageError({ code: 'CORRUPT_IMAGE', format: 'jpeg' }), 'CORRUPT_IMAGE'],
    [new LabelError('no such label'), 'INVALID_PARAMETER'],
    [new UnknownLayerError('stage9', ['stage2']), 'UNKNOWN_LAYER'],
    [new FeaturesError('no map'), 'INVALID_PARAMETER'],
    [new NotDetectedError('for: nothing'), 'NOT_DETECTED'],
    [new NoGradientsError('layercam: no rule'), 'NO_GRADIENTS'],
    [new WorkerError('out of memory'), 'INFERENCE_FAILED'],
    [cause('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400), 'MALFORMED_REQUEST'],
    [new TypeError('x is not a function'), 'INTERNAL_ERROR'],
    ['a string', 'INTERNAL_ERROR']
  ]
  for (const [error, code] of cases) t.equal(toApiError(error).code, code)
})

t.test('what nobody foresaw is kept from the client, and kept for the log', async t => {
  const bug = new TypeError('/secret/path is not a function')
  const { message, cause } = toApiError(bug)
  t.notMatch(message, /secret/)
  t.equal(cause, bug)
})
