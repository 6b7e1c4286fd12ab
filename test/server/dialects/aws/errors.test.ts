import t from 'tap'
import { AwsError, toAwsError } from '../../../../server/dialects/aws/errors.ts'
import { ApiError, ERRORS, type ErrorCode } from '../../../../server/errors.ts'

t.test('every failure has an exception that the SDKs know', async t => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { status, body } = toAwsError(new ApiError(code, 'why'))
    t.match(body, { __type: /(Exception|Error)$/, message: 'why', Message: 'why' }, code)
    t.equal(status >= 500, ERRORS[code] >= 500, code)
  }
  t.match(toAwsError(new ApiError('RATE_LIMITED', 'why')), { status: 400, body: { __type: 'ThrottlingException' } })
  t.match(toAwsError(new ApiError('INTERNAL_ERROR', 'why')), { status: 500, body: { __type: 'InternalServerError' } })
  const own = new AwsError('InvalidS3ObjectException', 'why')
  t.match(toAwsError(own), { status: 400, body: { __type: 'InvalidS3ObjectException' } })
})
