import type { FastifyRequest } from 'fastify'
import t from 'tap'
import type { DetectedObject, DetectOutput, Timed } from '../../../../engine/results.ts'
import { toDetection, toError } from '../../../../server/dialects/deepstack/replies.ts'
import { ApiError } from '../../../../server/errors.ts'

const request = { id: 'r' } as FastifyRequest
const TIMES = { queue: 0, decode: 1, preprocess: 1, inference: 12.4, postprocess: 1, total: 25.6 }
const object = (label: string, score: number): DetectedObject => ({ label, classId: 0, score, box: [0.4, 1.5, 99.6, 100] })
const output = (objects: DetectedObject[]): Timed<DetectOutput> =>
  ({ image: { width: 100, height: 100, format: 'jpeg', orientation: 1, pages: 1, space: 'srgb' }, objects, times: TIMES })
const reply = (...objects: DetectedObject[]) => toDetection(request, { model: 'm', labels: [], output: output(objects) })

t.test('boxes are in whole pixels, labels in lower case', async t => {
  t.strictSame(reply(object('Fire Truck', 0.87654)).predictions, [
    { confidence: 0.8765, label: 'fire truck', x_min: 0, y_min: 2, x_max: 100, y_max: 100 }
  ])
})

t.test('the message names three labels', async t => {
  t.equal(reply().message, 'No objects found')
  t.equal(reply(object('a', 0.9), object('b', 0.8)).message, 'Found a, b')
  t.equal(reply(...['a', 'b', 'c', 'd'].map(label => object(label, 0.9))).message, 'Found a, b, c...')
})

t.test('times are in whole milliseconds', async t => {
  t.match(reply(), { success: true, duration: 0, inferenceMs: 12, processMs: 26, analysisRoundTripMs: 26, requestId: 'r', code: 200 })
})

t.test('errors', async t => {
  const body = (error: string) => ({ success: false, error, duration: 0 })
  t.strictSame(toError(new ApiError('UNAUTHORIZED', 'x')), { status: 401, body: body('Incorrect api key') })
  t.strictSame(toError(new ApiError('EMPTY_BODY', 'x')), { status: 400, body: body('No valid image file found') })
  t.strictSame(toError(new ApiError('CORRUPT_IMAGE', 'x')), { status: 400, body: body('invalid image file: x') })
  t.strictSame(toError(new ApiError('OVERLOADED', 'x')), { status: 503, body: body('x') })
})
