import t from 'tap'
import { completionOf } from '../../../cli/commands/completion.ts'
import { call } from '../../support/io.ts'
import { CATALOG } from '../../support/shell-catalog.ts'

const completion = (...argv: string[]) => call(completionOf(CATALOG), argv)

t.test('a script for each shell', async t => {
  for (const [shell, start] of [['bash', '# bash completion'], ['zsh', '#compdef nanodet'], ['fish', '# fish completion']] as const) {
    const { exitCode, stdout, stderr } = await completion(shell)
    t.same([exitCode, stderr], [0, ''])
    t.ok(stdout.startsWith(start))
    t.match(stdout, 'draw')
  }
})

t.test('other shells are refused', async t => {
  t.same(await completion('tcsh'), { exitCode: 2, stdout: '', stderr: 'Expected bash, zsh or fish: nanodet completion bash|zsh|fish\n' })
  t.match(await completion(), { exitCode: 2 })
})
