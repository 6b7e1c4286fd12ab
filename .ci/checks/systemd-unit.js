/** systemd accepts the unit of docs/start.md. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [, unit] = /```ini\n([^]*?)```/.exec(readFileSync('docs/start.md', 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'unit-'))
const file = join(folder, 'nanodet-server.service')
// It also checks that the program is there.
writeFileSync(file, unit.replace('/usr/bin/node', process.execPath))
const { status, error, stdout, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' })
rmSync(folder, { recursive: true })
console.log(`${stdout}${stderr}`)
if (error) throw error
if (status !== 0 || /nanodet-server/.test(stderr)) throw new Error(`systemd-analyze verify: ${status}`)
