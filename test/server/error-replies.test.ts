import t from 'tap'
import { describeErrors, errorReplies } from '../../server/error-replies.ts'

t.test('each status says its codes', async t => {
  const replies = describeErrors(['OVERLOADED', 'BODY_TOO_LARGE', 'NOT_READY'])
  t.same(Object.keys(replies), ['413', '503'])
  t.match(replies, { 413: { description: 'BODY_TOO_LARGE' }, 503: { description: 'OVERLOADED, NOT_READY' } })
})

t.test('routes have the errors of their kind', async t => {
  t.match(errorReplies('all'), { 401: { description: 'UNAUTHORIZED' }, 500: { description: 'INTERNAL_ERROR' } })
  t.notOk('404' in errorReplies('all'))
  t.match(errorReplies('model', ['FORBIDDEN']), { 403: { description: 'HOST_NOT_ALLOWED, FORBIDDEN' }, 404: { description: 'MODEL_NOT_FOUND' } })
  t.match(errorReplies('image'), { 415: { description: /UNSUPPORTED_IMAGE/ }, 503: { description: /OVERLOADED/ } })
})
