/**
 * Trains on drawn pictures with default settings, as docs/train.md does: the held-out accuracy, the CPU time, the model in a server
 * that runs meanwhile, and in int8. SEEDS=1,2,3 repeats it.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { end, killGroup, start } from '../server.js'
import { withinPasses } from '../yardstick.js'

const MIN_AP50 = 0.85
/** Forward passes that take as much CPU time as the training; half of it is normal. */
const MAX_PASSES = 10_000
const MAX_INT8_LOSS = 0.03
const CALIBRATED = 40 // photos
const LOAD_MS = 30_000
const NANODET = 'dist/bin/nanodet.js'

const folder = mkdtempSync(join(tmpdir(), 'train-drawn-'))
try {
  for (const seed of (process.env.SEEDS ?? '1').split(',')) await check(seed)
} finally {
  rmSync(folder, { recursive: true })
}

async function check (seed) {
  const [shapes, models] = [join(folder, `shapes-${seed}`), join(folder, `models-${seed}`)]
  mkdirSync(models)
  run(['examples/draw-shapes/draw.js', shapes, '--seed', seed])
  const server = start(process.execPath, ['dist/server/main.js'], { MODELS_DIR: models, WATCH_MODELS: 'true' })
  try {
    const [, base] = /(http:\/\/\S+)/.exec((await server.logged(/listening at/)).msg)
    await server.logged(/^ready$/)
    const { seconds, result, memory } = await withinPasses(MAX_PASSES, () => train(shapes, models, seed))
    assert.ok(result.AP50 >= MIN_AP50, `AP50 ${result.AP50}`)
    const found = await servedShare(base, shapes)
    assert.ok(found >= MIN_AP50, `the served model finds ${found} of the objects`)
    const loss = int8Loss(shapes, models)
    assert.ok(loss <= MAX_INT8_LOSS, `int8 loses ${loss} of AP50`)
    console.log({ seed, AP: result.AP, AP50: result.AP50, seconds, memory, found, loss })
    await end(server, 'SIGTERM')
  } finally {
    killGroup(server)
  }
}

function run (args) {
  return execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

function validationOf (shapes) {
  return ['--images', join(shapes, 'val'), '--annotations', join(shapes, 'val.json')]
}

/** @returns CPU seconds of all processes, what the run says at its end, and the memory that it said it needs */
async function train (shapes, models, seed) {
  const args = ['train', '--images', join(shapes, 'train'), '--annotations', join(shapes, 'train.json'), '--val-images', join(shapes, 'val'),
    '--val-annotations', join(shapes, 'val.json'), '--out', join(models, 'shapes'), '--seed', seed, '--json']
  const child = spawn('bash', ['-c', '"$@"; code=$?; times >&2; exit $code', 'bash', process.execPath, NANODET, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  assert.equal(code, 0, stderr)
  const lines = stdout.trim().split('\n').map(line => JSON.parse(line))
  const children = stderr.trim().split('\n').at(-1)
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, rest]) => sum + 60 * minutes + Number(rest), 0)
  return { seconds: Math.round(seconds), result: lines.at(-1), memory: lines[0].memory_bytes }
}

/** The share of objects that the server finds with their class. It was started before the model was there. */
async function servedShare (base, shapes) {
  const deadline = Date.now() + LOAD_MS
  for (;; await sleep(200)) {
    const { models } = await (await fetch(`${base}/models`)).json()
    if (models.some(({ name, state }) => name === 'shapes' && state === 'ready')) break
    assert.ok(Date.now() < deadline, 'the server does not load the model')
  }
  const { images, annotations, categories } = JSON.parse(readFileSync(join(shapes, 'val.json'), 'utf8'))
  let found = 0
  for (const { id, file_name: file } of images) {
    const reply = await fetch(`${base}/detect?model=shapes`, { method: 'POST', body: readFileSync(join(shapes, 'val', file)) })
    const { detections } = await reply.json()
    const own = annotations.filter(annotation => annotation.image_id === id)
    const isFound = ({ bbox, category_id: category }) =>
      detections.some(({ label, box }) => label === categories[category - 1].name && isAround(box, bbox))
    found += own.filter(isFound).length
  }
  return found / annotations.length
}

/** Whether a box overlaps an annotation by half, as intersection over union. */
function isAround ({ x1, y1, x2, y2 }, [x, y, width, height]) {
  const [w, h] = [Math.min(x2, x + width) - Math.max(x1, x), Math.min(y2, y + height) - Math.max(y1, y)]
  const overlap = Math.max(0, w) * Math.max(0, h)
  return overlap / ((x2 - x1) * (y2 - y1) + width * height - overlap) >= 0.5
}

/** AP50 in fp32 minus that in int8. */
function int8Loss (shapes, models) {
  const some = join(shapes, 'some')
  mkdirSync(some)
  for (const name of readdirSync(join(shapes, 'train')).slice(0, CALIBRATED)) copyFileSync(join(shapes, 'train', name), join(some, name))
  const model = ['--model', join(models, 'shapes.json')]
  run([NANODET, 'quantize', ...model, '--images', some, '--out', join(models, 'shapes.calibration.json'), '--rounds', '1', '--quiet'])
  const apIn = precision => JSON.parse(run([NANODET, 'eval', ...validationOf(shapes), ...model, '--precision', precision, '--json', '--quiet'])).AP50
  const [fp32, int8] = ['fp32', 'int8'].map(apIn)
  return Number((fp32 - int8).toFixed(4))
}
