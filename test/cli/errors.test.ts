import t from 'tap'
import { CommandError, UsageError } from '../../cli/errors.ts'

t.test('a failure is exit code 1, wrong arguments are 2', async t => {
  t.match(new CommandError('broken'), { name: 'CommandError', message: 'broken', exitCode: 1 })
  const error = new UsageError('what?')
  t.ok(error instanceof CommandError)
  t.match(error, { name: 'UsageError', exitCode: 2 })
})
