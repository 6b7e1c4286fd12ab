import t from 'tap'
import { CommandError } from '../../../cli/errors.ts'
import { DownloadError, TooLargeError } from '../../../cli/pull/errors.ts'

t.test('download errors tell whether another try may succeed', async t => {
  t.match(new DownloadError('x'), { name: 'DownloadError', message: 'x', exitCode: 1, mayRecover: false, retryAfter: 0 })
  t.match(new DownloadError('x', { mayRecover: true, retryAfter: 5, cause: 'y' }), { mayRecover: true, retryAfter: 5, cause: 'y' })
  t.ok(new DownloadError('x') instanceof CommandError)
})

t.test('a file that is too large names the option', async t => {
  t.equal(new TooLargeError(new URL('https://me:secret@example.com/a'), 5e8).message,
    'https://example.com/a: larger than the limit of 500.0 MB; --max-size raises it')
})
