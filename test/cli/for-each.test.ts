import t from 'tap'
import { CommandError, UsageError } from '../../cli/errors.ts'
import { forEach } from '../../cli/for-each.ts'
import { runMain } from '../support/io.ts'

t.test('a failure does not stop the others', async t => {
  const run = (...items: string[]) => runMain((items, io) => forEach(items, io, async item => {
    if (item === 'bad') throw new CommandError('bad item')
    if (item === 'wrong') throw new UsageError('wrong item')
    return `${item}\n`
  }), items)
  t.same(await run('a', 'b'), { exitCode: 0, stdout: 'a\nb\n', stderr: '' })
  t.same(await run('a', 'wrong', 'bad', 'b'), { exitCode: 2, stdout: 'a\nb\n', stderr: 'wrong item\nbad item\n' })
})
