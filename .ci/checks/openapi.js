/** The API's description has no error by the rules that redocly recommends. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { end, killGroup, output, start } from '../server.js'

const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
const server = start(process.execPath, ['dist/server/main.js'])
try {
  const { msg } = await server.logged(/listening at/)
  const [address] = /http:\S+/.exec(msg)
  const file = join(folder, 'openapi.json')
  writeFileSync(file, await (await fetch(new URL('/openapi.json', address))).text())
  const { status } = spawnSync('npx', ['--yes', '@redocly/cli@2', 'lint', file], { cwd: folder, stdio: 'inherit' })
  await end(server, 'SIGTERM')
  if (status !== 0) throw new Error(`redocly ends with ${status}`)
} catch (error) {
  console.error(output(server))
  throw error
} finally {
  killGroup(server)
  rmSync(folder, { recursive: true })
}
