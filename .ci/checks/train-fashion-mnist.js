/**
 * Trains ShuffleNetV1 from random weights on Fashion-MNIST (Debian's dataset-fashion-mnist) and measures it on test pictures.
 * Arguments: the share of the pictures, 1 for all, and a folder to keep pictures, model and report in.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { withinPasses } from '../yardstick.js'

const DATA = '/usr/share/datasets/fashion-mnist'
const CLASSES = ['t-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle-boot']
const SHARE = 0.2
const SIDE = 28
/** A classifier sees 224 of 256 pixels: with this margin, the whole picture. */
const MARGIN = 2
/** Top-1 accuracy; a share of the pictures teaches less. */
const LEAST = { all: 0.8, share: 0.6 }
/** Forward passes that take as much CPU time as the training on a fifth of the pictures; half of it is normal. */
const MAX_PASSES = 8000

const share = Number(process.argv[2] ?? SHARE)
const folder = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'fashion-mnist-'))
try {
  const [train, test] = [await pictures('train', join(folder, 'train')), await pictures('t10k', join(folder, 'test'))]
  const { top1, top5 } = await withinPasses(MAX_PASSES * share / SHARE, trained)
  console.log(`${train} pictures to train, ${test} to test: top-1 ${top1}, top-5 ${top5}`)
  const least = share === 1 ? LEAST.all : LEAST.share
  if (!(top1 >= least)) throw new Error(`top-1 ${top1} is below ${least}`)
  if (!readFileSync(join(folder, 'report.html'), 'utf8').includes('data:image/jpeg')) throw new Error('the report has no sheet of predictions')
} finally {
  if (process.argv[3] === undefined) rmSync(folder, { recursive: true })
}

/** Writes the first pictures of a part as JPEGs, which decode fastest, into a folder per class. Returns their number. */
async function pictures (part, folder) {
  const read = (kind, header) => gunzipSync(readFileSync(`${DATA}/${part}-${kind}-ubyte.gz`)).subarray(header)
  const [pixels, labels] = [read('images-idx3', 16), read('labels-idx1', 8)]
  const count = Math.round(share * labels.length)
  const margins = { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN, background: 'black' }
  for (const name of CLASSES) mkdirSync(join(folder, name), { recursive: true })
  for (let i = 0; i < count; i++) {
    const raw = { width: SIDE, height: SIDE, channels: 1 }
    const picture = sharp(pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE), { raw }).extend(margins).toColourspace('b-w')
    writeFileSync(join(folder, CLASSES[labels[i]], `${i}.jpg`), await picture.jpeg({ quality: 95 }).toBuffer())
  }
  return count
}

/** One epoch from random weights. The CPU time is that of all processes. */
function trained () {
  const command = [
    process.execPath, 'dist/bin/nanodet.js', 'train', '--task', 'classify', '--images', join(folder, 'train'), '--val-images', join(folder, 'test'),
    '--out', join(folder, 'models/clothes'), '--model', 'shufflenetv1-0.5x', '--size', '64', '--epochs', '1', '--batch', share === 1 ? '128' : '32',
    '--crop', '0.7', '--report', join(folder, 'report.html'), '--json', '--force'
  ]
  const script = 'TIMEFORMAT="{\\"event\\":\\"time\\",\\"user\\":%U,\\"system\\":%S}"; { time "$@" 2>&3; } 3>&2 2>&1'
  const output = execFileSync('bash', ['-c', script, 'bash', ...command], { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] })
  const events = output.trim().split('\n').map(line => JSON.parse(line))
  const { 'top-1': top1, 'top-5': top5 } = events.find(({ event }) => event === 'result')
  const { user, system } = events.at(-1)
  return { top1, top5, seconds: user + system }
}
