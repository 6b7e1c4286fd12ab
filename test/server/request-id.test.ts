import t from 'tap'
import { requestId } from '../../server/request-id.ts'

t.test('what the caller says, where it is harmless', async t => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const traceparent = `00-${trace}-00f067aa0ba902b7-01`
  t.equal(requestId({ headers: { 'x-request-id': 'cam-1:42', traceparent } }), 'cam-1:42')
  t.equal(requestId({ headers: { traceparent } }), trace)
  t.match(requestId({ headers: { 'x-request-id': 'a\nb' } }), /^[\da-f-]{36}$/)
  t.match(requestId({ headers: { traceparent: 'junk' } }), /^[\da-f-]{36}$/)
  t.not(requestId({ headers: {} }), requestId({ headers: {} }))
})
