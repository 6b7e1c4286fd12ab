import t from 'tap'
import { s3Problem } from '../../../bulk/s3/s3-problem.ts'

const answer = (name: string, httpStatusCode: number, more = {}) => Object.assign(new Error('Long text\nwith lines'), { name, $metadata: { httpStatusCode }, ...more })

t.test('describes answers', async t => {
  t.equal(s3Problem(answer('NoSuchBucket', 404)), 'no such bucket')
  t.equal(s3Problem(answer('AccessDenied', 403)), 'access denied')
  t.equal(s3Problem(answer('403', 403), true), 'access denied; no credentials were found, so the request was anonymous')
  t.equal(s3Problem(answer('SignatureDoesNotMatch', 403, { StringToSign: 'secret' })), 'the secret access key does not belong to the access key')
  t.equal(s3Problem(answer('AuthorizationHeaderMalformed', 400, { Region: 'eu-west-1' })), 'the bucket is in another region, eu-west-1; set AWS_REGION')
  t.equal(s3Problem(answer('Unknown', 301)), 'the bucket is in another region; set AWS_REGION')
  t.equal(s3Problem(answer('InternalError', 500)), 'the server answered 500 InternalError')
})

t.test('describes connections that fail', async t => {
  t.equal(s3Problem(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })), 'the server refuses connections')
  t.equal(s3Problem(Object.assign(new Error(''), { name: 'TimeoutError' })), 'the server does not answer')
  t.equal(s3Problem(new Error('Something\nelse')), 'Something')
  t.equal(s3Problem(Object.assign(new Error(''), { name: 'Odd' })), 'Odd')
})
