/** fish and zsh read their completion scripts of nanodet. bash runs its own in the tests. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'

for (const [shell, flag] of [['fish', '--no-execute'], ['zsh', '-n']]) {
  const input = execFileSync(process.execPath, ['dist/bin/nanodet.js', 'completion', shell], { encoding: 'utf8' })
  const { status, stderr } = spawnSync(shell, [flag], { input, encoding: 'utf8' })
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' }, shell)
  console.log(`${shell} reads ${input.split('\n').length} lines`)
}
