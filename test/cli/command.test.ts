import t from 'tap'
import { CommandError, readArguments, readInput, runCommand, UsageError, writeOutput, wholeNumber } from '../../cli/command.ts'
import { runMain } from '../support/io.ts'

t.test('a CommandError is a line and an exit code, any other error is a bug', async t => {
  const failing = (error: Error) => runMain((_, io) => runCommand(io, async () => { throw error }), [])
  t.strictSame(await failing(new CommandError('no way')), { exitCode: 1, stdout: '', stderr: 'no way\n' })
  t.strictSame(await failing(new UsageError('what?')), { exitCode: 2, stdout: '', stderr: 'what?\n' })
  await t.rejects(failing(new TypeError('bug')), TypeError)
})

t.test('wrong options are a UsageError of one sentence', async t => {
  const read = (...args: string[]) => readArguments({ args, options: { model: { type: 'string' }, json: { type: 'boolean' } } })
  t.match(read('--model', 'a', '--json').values, { model: 'a', json: true })
  t.throws(() => read('--modell'), { name: 'UsageError', message: /^Unknown option '--modell'; --help [^\n]*$/ })
  t.throws(() => read('--model'), { name: 'UsageError', message: /^Option '--model <value>' argument missing; --help/ })
  t.throws(() => read('--model', '--json'), { name: 'UsageError', message: /^Option '--model' argument is ambiguous; --help/ })
  t.throws(() => read('extra'), { name: 'UsageError', message: /^Unexpected argument 'extra'[^\n]*; --help/ })
})

t.test('a file that cannot be read is named', async t => {
  const folder = t.testdir({ file: 'text' })
  t.equal(String(await readInput(`${folder}/file`)), 'text')
  await t.rejects(readInput(`${folder}/none`), { name: 'CommandError', message: `${folder}/none: no such file or directory` })
  await t.rejects(readInput(folder), { name: 'CommandError', message: `${folder}: is a directory, not a file` })
  await t.rejects(readInput(`${folder}/file/x`), { name: 'CommandError', message: `${folder}/file/x: is a file, not a directory` })
})

t.test('a file is written into new directories, and named where that fails', async t => {
  const folder = t.testdir({ file: 'text' })
  await writeOutput(`${folder}/a/b/new`, Buffer.from('bytes'))
  t.equal(String(await readInput(`${folder}/a/b/new`)), 'bytes')
  await t.rejects(writeOutput(`${folder}/file/x`, Buffer.of()), { name: 'CommandError', message: `${folder}/file/x: is a file, not a directory` })
  await t.rejects(writeOutput(folder, Buffer.of()), { name: 'CommandError', message: `${folder}: is a directory, not a file` })
})

t.test('a whole number, or a line that names the option', async t => {
  t.equal(wholeNumber('--seconds', '60', 60), 60)
  for (const text of ['0', '61', '1.5', 'many', '']) {
    const found = text || 'nothing'
    t.throws(() => wholeNumber('--seconds', text, 60), { name: 'UsageError', message: `--seconds: expected a whole number from 1 to 60, found ${found}` })
  }
})
