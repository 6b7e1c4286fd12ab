/**
 * Kills a detector's and a classifier's training with -9 during a step, during validation and during the write of its state, and resumes
 * each time: the files of the model have the same bytes as those of an undisturbed run. No worker process outlives its run.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'

const NANODET = resolve('dist/bin/nanodet.js')
const [PHOTOS, EPOCHS, BATCH] = [16, 3, 8] // a fifth of the photos validates
const STEPS = 2 // an epoch
const MODEL = 'models/drawn'
const FILES = ['models/drawn.json', 'models/drawn.safetensors']
const DETECTOR = {
  task: 'detect',
  backbone: { name: 'shufflenetv2', width: '0.5x', out_stages: [2, 3, 4] },
  neck: { name: 'pan', out_channels: 32 },
  head: { name: 'nanodet-head', feat_channels: 32, stacked_convs: 1, share_cls_reg: true, reg_max: 7, strides: [8, 16, 32] },
  input: { width: 64, height: 64 },
  labels: ['disc']
}
const DETECTION = ['--images', 'photos', '--annotations', 'truth.json', '--model', 'tiny.json']
/** Without validation, the last weights are the result, and not those of the best epoch. */
const KINDS = {
  detector: DETECTION,
  'detector-without-validation': [...DETECTION, '--val-share', '0'],
  classifier: ['--task', 'classify', '--images', 'photos', '--size', '32']
}
/** After which events a run is killed. */
const MOMENTS = {
  'during a step': (kill, on) => on('step', ({ step }) => step === STEPS + 1 && kill()),
  'during validation': (kill, on) => on('step', ({ step }) => step === 2 * STEPS && kill()),
  'during the write of the state': (kill, _on, folder) => {
    const watcher = watch(join(folder, 'models'), (_type, file) => {
      if (!file?.endsWith('.partial')) return
      watcher.close()
      kill()
    })
  }
}

const root = mkdtempSync(join(tmpdir(), 'train-kill-'))
try {
  for (const kind of Object.keys(KINDS)) await check(kind)
} finally {
  rmSync(root, { recursive: true })
}

async function check (kind) {
  const [undisturbed, disturbed] = ['undisturbed', 'disturbed'].map(name => join(root, `${kind}-${name}`))
  for (const folder of [undisturbed, disturbed]) await draw(folder)
  assert.equal(await run(kind, undisturbed), 0)
  const ends = []
  for (const [name, moment] of Object.entries(MOMENTS)) {
    assert.equal(await run(kind, disturbed, moment), 'SIGKILL', `${kind}: not killed ${name}`)
    ends.push(readdirSync(join(disturbed, 'models')))
  }
  assert.ok(ends.every(names => names.includes('.drawn.training')), 'no state is there')
  assert.equal(await run(kind, disturbed), 0)
  for (const file of FILES) assert.deepEqual(readFileSync(join(disturbed, file)), readFileSync(join(undisturbed, file)), `${kind}: another ${file}`)
  assert.deepEqual(readdirSync(join(disturbed, 'models')), readdirSync(join(undisturbed, 'models')))
  console.log(`${kind}: the same bytes`)
}

/** @returns the exit code or the signal that ended it */
async function run (kind, folder, moment) {
  const resume = existsSync(join(folder, 'models/.drawn.training')) ? ['--resume'] : []
  const given = ['--out', MODEL, '--epochs', EPOCHS, '--batch', BATCH, '--workers', resume.length + 1, ...resume]
  const child = spawn(process.execPath, [NANODET, 'train', ...KINDS[kind], ...given, '--json'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = text(child.stderr)
  let workers = []
  const kill = () => {
    workers = childrenOf(child.pid)
    child.kill('SIGKILL')
  }
  const listeners = []
  moment?.(kill, (event, listener) => listeners.push({ event, listener }), folder)
  for await (const line of createInterface(child.stdout)) {
    const what = JSON.parse(line)
    for (const { event, listener } of listeners) if (what.event === event) listener(what)
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  const { exitCode: code, signalCode: signal } = child
  assert.ok(code === 0 || signal === 'SIGKILL', await said)
  await ended(workers)
  return signal ?? code
}

function childrenOf (pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
}

async function ended (pids) {
  for (let i = 0; i < 100 && pids.some(pid => existsSync(`/proc/${pid}`)); i++) await sleep(100)
  assert.deepEqual(pids.filter(pid => existsSync(`/proc/${pid}`)), [], 'workers outlive their run')
}

/** Photos with a disc: bright ones in one folder, dark ones in the other. */
async function draw (folder) {
  const [images, annotations] = [[], []]
  mkdirSync(join(folder, 'models'), { recursive: true })
  for (let id = 1; id <= PHOTOS; id++) {
    const [radius, x, y] = [10 + id % 7, 30 + 3 * id % 40, 30 + 5 * id % 40]
    const [kind, color] = id % 2 ? ['bright', 'gold'] : ['dark', 'navy']
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="gray"/><circle cx="${x}" cy="${y}" r="${radius}" fill="${color}"/></svg>`
    const file = `${kind}/${id}.jpg`
    mkdirSync(join(folder, 'photos', kind), { recursive: true })
    writeFileSync(join(folder, 'photos', file), await sharp(Buffer.from(svg)).jpeg().toBuffer())
    images.push({ id, file_name: file })
    const [bbox, area] = [[x - radius, y - radius, 2 * radius, 2 * radius], 4 * radius * radius]
    annotations.push({ id, image_id: id, category_id: 1, bbox, area })
  }
  writeFileSync(join(folder, 'truth.json'), JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'disc' }] }))
  writeFileSync(join(folder, 'tiny.json'), JSON.stringify(DETECTOR))
}
