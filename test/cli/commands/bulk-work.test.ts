import t from 'tap'
import { bulkWork } from '../../../cli/commands/bulk-work.ts'
import { call } from '../../support/io.ts'

t.test('needs REDIS_URL', async t => {
  const { REDIS_URL: url } = process.env
  delete process.env['REDIS_URL']
  t.teardown(() => { if (url !== undefined) process.env['REDIS_URL'] = url })
  const { exitCode, stdout, stderr } = await call(bulkWork, [])
  t.strictSame([exitCode, stdout], [1, ''])
  t.match(stderr, /^REDIS_URL is not set; expected redis:.*\n$/)
})

t.test('--webhook is an address', async t => {
  for (const url of ['example.com', 'ftp://example.com/secret']) {
    const { exitCode, stderr } = await call(bulkWork, ['--webhook', url])
    t.strictSame([exitCode, stderr], [2, '--webhook: expected a URL that starts with http:// or https://\n'])
  }
  process.env['WEBHOOK_URL'] = 'file:///secret'
  t.teardown(() => { delete process.env['WEBHOOK_URL'] })
  t.match((await call(bulkWork, [])).stderr, /^--webhook: expected a URL that starts/)
  const { exitCode, stderr } = await call(bulkWork, ['--webhook', 'https://user:secret@example.com'])
  t.strictSame([exitCode, stderr], [2, '--webhook: expected a URL without user and password; put a key into its path or query\n'])
})
