/** The systemd unit: systemd-analyze verifies it, and rates its exposure as low. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const UNIT = fileURLToPath(new URL('../../deploy/systemd/nanodet-server.service', import.meta.url))
/** Of 10. */
const MAX_EXPOSURE = 2

const analyze = (...args) => spawnSync('systemd-analyze', [...args, UNIT], { encoding: 'utf8' })

if (analyze('verify').error) {
  console.log('no systemd-analyze here: skipped')
} else {
  const { status, stderr } = analyze('verify')
  assert.equal(status, 0, stderr)
  assert.doesNotMatch(stderr, /nanodet-server\.service:/)
  const { stdout } = analyze('security', '--offline=true')
  const exposure = Number(/exposure level for .*: ([\d.]+)/.exec(stdout)?.[1])
  console.log(`exposure ${exposure}`)
  assert.ok(exposure <= MAX_EXPOSURE)
}
