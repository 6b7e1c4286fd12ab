/** Compares the AP of int8 with that of fp32, on the photos of coco128 that the built-in calibration tables were not made from. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SHARED = '../shared'
const MODELS = {
  'nanodet-m-416': { maxLoss: 0.007 },
  'nanodet-plus-m-416': { maxLoss: 0.015, checkpoint: 'nanodet-plus-m_416.ckpt' }
}

const folder = mkdtempSync(join(tmpdir(), 'int8-ap-'))
try {
  const truth = join(folder, 'truth.json')
  writeFileSync(truth, JSON.stringify(everySecond(JSON.parse(readFileSync(`${SHARED}/coco128/instances.json`, 'utf8')))))
  for (const [model, { maxLoss, checkpoint }] of Object.entries(MODELS)) {
    if (checkpoint) {
      copyFileSync(`${SHARED}/checkpoints/${checkpoint}`, join(folder, `${model}.ckpt`))
      copyFileSync(`dist/weights/${model}.calibration.json`, join(folder, `${model}.calibration.json`))
    }
    const [fp32, int8] = ['fp32', 'int8'].map(precision => apOf(model, precision, truth))
    console.log({ model, fp32, int8 })
    if (!(int8 >= fp32 - maxLoss)) throw new Error(`${model}: AP ${int8} in int8 is more than ${maxLoss} below ${fp32}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** The images that nanodet quantize measures. */
function everySecond ({ images, annotations, categories }) {
  const measured = images.sort((a, b) => a.file_name < b.file_name ? -1 : 1).filter((_, i) => i % 2 === 1)
  const ids = new Set(measured.map(({ id }) => id))
  return { images: measured, annotations: annotations.filter(({ image_id: id }) => ids.has(id)), categories }
}

function apOf (model, precision, truth) {
  const args = ['dist/bin/nanodet.js', 'eval', '--images', `${SHARED}/coco128/images`, '--annotations', truth,
    '--models-dir', folder, '--model', model, '--precision', precision, '--json']
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })).AP
}
