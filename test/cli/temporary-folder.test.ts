import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import t from 'tap'
import { temporaryFolder } from '../../cli/temporary-folder.ts'

t.test('a folder that this process can use', async t => {
  t.ok(existsSync(temporaryFolder()))
})

t.test('it is deleted when its process exits', async t => {
  const url = new URL('../../cli/temporary-folder.js', import.meta.url).href
  const script = `const { temporaryFolder } = await import('${url}'); console.log(temporaryFolder())`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  t.match(stdout, 'nanodet-')
  t.notOk(existsSync(stdout.trim()))
})
