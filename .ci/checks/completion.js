/** fish and zsh parse nanodet's completion scripts. bash runs its own in the tests. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'completion-'))
try {
  for (const shell of ['fish', 'zsh']) {
    const script = execFileSync(process.execPath, ['dist/bin/nanodet.js', 'completion', shell], { encoding: 'utf8' })
    const path = join(folder, shell)
    writeFileSync(path, script)
    const { status, stderr } = spawnSync(shell, ['-n', path], { encoding: 'utf8' })
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' }, shell)
    console.log(`${shell} parses ${script.split('\n').length} lines`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
