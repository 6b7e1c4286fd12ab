import t from 'tap'
import { errorOf } from '../../client/api-error.ts'

t.test('the server\'s own answer', async t => {
  const body = JSON.stringify({ statusCode: 503, code: 'OVERLOADED', error: 'Service Unavailable', message: 'later' })
  const error = await errorOf(new Response(body, { status: 503, headers: { 'retry-after': '2', 'x-request-id': 'r1' } }))
  t.match(error, { name: 'NanodetApiError', code: 'OVERLOADED', statusCode: 503, message: 'later', retryAfter: 2, requestId: 'r1' })
})

t.test('anything else', async t => {
  const error = await errorOf(new Response('x'.repeat(999), { status: 502, headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } }))
  t.match(error, { code: 'HTTP_ERROR', statusCode: 502, retryAfter: undefined, requestId: undefined })
  t.equal(error.message, `The server answered 502: ${'x'.repeat(200)}`)
})
