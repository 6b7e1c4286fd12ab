import t from 'tap'
import { command } from '../../cli/command.ts'
import { CommandError, UsageError } from '../../cli/errors.ts'
import type { Io } from '../../cli/io.ts'
import { flag } from '../../cli/options.ts'
import { reportErrors, runCommand, runProgram, type Catalog } from '../../cli/program.ts'
import { runMain } from '../support/io.ts'

const named = (name: string, run: (io: Io) => Promise<number | void>) =>
  command({ name, summary: `Run ${name}`, options: { quiet: flag('Quiet') }, run: (_, io) => run(io) })
const entry = (name: string, run: (io: Io) => Promise<number | void>) =>
  ({ summary: `Run ${name}`, load: async () => named(name, run) })

const CATALOG: Catalog = {
  detect: entry('detect', async io => { io.stdout.write(io.quiet ? 'quiet' : 'loud') }),
  fail: entry('fail', async () => 7),
  'models list': entry('models list', async io => { io.stdout.write('list') }),
  'models pull': entry('models pull', async () => { throw new CommandError('offline') })
}
const nanodet = (...argv: string[]) => runMain((argv, io) => runProgram(CATALOG, '1.2.3', argv, io), argv)

t.test('commands run by name', async t => {
  t.same(await nanodet('detect'), { exitCode: 0, stdout: 'loud', stderr: '' })
  t.same(await nanodet('detect', '--quiet'), { exitCode: 0, stdout: 'quiet', stderr: '' })
  t.match(await nanodet('fail'), { exitCode: 7 })
  t.match(await nanodet('models', 'list'), { exitCode: 0, stdout: 'list' })
  t.same(await nanodet('models', 'pull'), { exitCode: 1, stdout: '', stderr: 'offline\n' })
})

t.test('help and version', async t => {
  for (const argv of [[], ['--help'], ['-h'], ['help']]) {
    t.match(await nanodet(...argv), { exitCode: 0, stdout: /^ {2}models pull {2}Run models pull$/m, stderr: '' }, argv.join())
  }
  for (const argv of [['--version'], ['-v']]) t.same(await nanodet(...argv), { exitCode: 0, stdout: '1.2.3\n', stderr: '' })
  for (const argv of [['help', 'models', 'pull'], ['models', 'pull', '--help']]) {
    t.match(await nanodet(...argv), { exitCode: 0, stdout: /^Run models pull\.\n\nUsage: nanodet models pull / })
  }
})

t.test('help for a group of commands', async t => {
  for (const argv of [['models', '--help'], ['models', '-h'], ['help', 'models']]) {
    const { exitCode, stdout } = await nanodet(...argv)
    t.equal(exitCode, 0)
    t.same(stdout.match(/^ {2}\S.*$/gm), ['  models list  Run models list', '  models pull  Run models pull'], argv.join(' '))
  }
  t.match(await nanodet('detcet', '--help'), { exitCode: 2, stderr: /did you mean detect/ })
})

t.test('unknown commands are refused with the nearest', async t => {
  const wrong: [string[], string][] = [
    [['detcet'], 'Unknown command detcet; did you mean detect? nanodet --help lists the commands\n'],
    [['constructor'], 'Unknown command constructor; nanodet --help lists the commands\n'],
    [['help', '__proto__'], 'Unknown command __proto__; nanodet --help lists the commands\n'],
    [['a\u001b[2Jb'], 'Unknown command a\\u001b[2Jb; nanodet --help lists the commands\n'],
    [['something'], 'Unknown command something; nanodet --help lists the commands\n'],
    [['help', 'fial'], 'Unknown command fial; did you mean fail? nanodet --help lists the commands\n'],
    [['models'], 'Expected one of: nanodet models list, nanodet models pull\n'],
    [['models', 'push'], 'Expected one of: nanodet models list, nanodet models pull\n'],
    [['constructor'], 'Unknown command constructor; nanodet --help lists the commands\n'],
    [['help', '__proto__'], 'Unknown command __proto__; nanodet --help lists the commands\n']
  ]
  for (const [argv, stderr] of wrong) t.same(await nanodet(...argv), { exitCode: 2, stdout: '', stderr })
})

t.test('a CommandError is a line and an exit code, any other error is a bug', async t => {
  const failing = (error: Error) => runMain((_, io) => reportErrors(io, async () => { throw error }), [])
  t.same(await failing(new CommandError('broken')), { exitCode: 1, stdout: '', stderr: 'broken\n' })
  t.same(await failing(new UsageError('what?')), { exitCode: 2, stdout: '', stderr: 'what?\n' })
  await t.rejects(failing(new TypeError('bug')), TypeError)
})

t.test('a single command', async t => {
  const run = (...argv: string[]) => runMain((argv, io) => runCommand(named('one', async () => {}), argv, io), argv)
  t.same(await run(), { exitCode: 0, stdout: '', stderr: '' })
  t.match(await run('--help'), { exitCode: 0, stdout: /^Run one\./ })
})
