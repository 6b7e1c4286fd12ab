import t from 'tap'
import { bulkRetry } from '../../../cli/commands/bulk-retry.ts'
import { call } from '../../support/io.ts'

t.test('needs REDIS_URL', async t => {
  const { REDIS_URL: url } = process.env
  delete process.env['REDIS_URL']
  t.teardown(() => { if (url !== undefined) process.env['REDIS_URL'] = url })
  const { exitCode, stdout, stderr } = await call(bulkRetry, [])
  t.strictSame([exitCode, stdout], [1, ''])
  t.match(stderr, /^REDIS_URL is not set; expected redis:.*\n$/)
})
