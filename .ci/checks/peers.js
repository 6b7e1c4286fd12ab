/**
 * `nanodet bench peers` on a few photos of coco128, with OpenCV from python3-opencv: it reads the plain export, predicts what onnxruntime
 * does, and all peers are measured.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const IMAGES = '../shared/coco128/images'
const PHOTOS = 4
const MAX_DIFFERENCE = 1e-4

const folder = mkdtempSync(join(tmpdir(), 'peers-'))
try {
  for (const name of readdirSync(IMAGES).slice(0, PHOTOS)) cpSync(join(IMAGES, name), join(folder, name))
  const args = ['dist/bin/nanodet.js', 'bench', 'peers', '--images', folder, '--turns', '2', '--turn-photos', String(PHOTOS), '--python', '/usr/bin/python3']
  const { peers, jpeg_to_boxes: sums } = JSON.parse(execFileSync(process.execPath, [...args, '--json'], { encoding: 'utf8' }))
  for (const { name, problem, all } of peers) console.log(name, problem ?? all.ratio)
  assert.deepEqual(peers.filter(({ problem }) => problem !== null), [])
  const { cpu_ms: ms, max_difference: difference } = peers.find(({ name }) => name === 'OpenCV')
  for (const part of ['decode', 'warp', 'normalize', 'network']) assert.ok(ms[part] > 0, part)
  assert.ok(difference < MAX_DIFFERENCE, `predictions differ by ${difference}`)
  assert.deepEqual(sums.map(({ precision }) => precision), ['fp32', 'int8'])
} finally {
  rmSync(folder, { recursive: true })
}
