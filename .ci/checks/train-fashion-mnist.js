/**
 * Trains ShuffleNetV1 from random weights on Fashion-MNIST (Debian's dataset-fashion-mnist), and measures its accuracy on test pictures.
 * Arguments: the share of the pictures (1 for all), and a folder to keep.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'

const DATA = '/usr/share/datasets/fashion-mnist'
const CLASSES = ['t-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle-boot']
const SIDE = 28
/** A classifier sees 224 of 256 pixels: with a margin of 2, the whole picture. */
const MARGIN = 2
const EPOCHS = { least: 1, most: 2 }
const share = Number(process.argv[2] ?? 0.2)
const LEAST = share === 1 ? 0.8 : 0.7
const MOST_SECONDS = 200

const folder = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'fashion-mnist-'))
const train = await pictures('train', join(folder, 'train'))
const test = await pictures('t10k', join(folder, 'test'))
const args = [
  'train', '--task', 'classify', '--images', join(folder, 'train'), '--val-images', join(folder, 'test'), '--out', join(folder, 'models/clothes'),
  '--model', 'shufflenetv1-0.5x', '--size', '64', '--epochs', String(share === 1 ? EPOCHS.least : EPOCHS.most), '--batch', '128', '--crop', '0.7',
  '--report', join(folder, 'report.html'), '--json', '--force'
]
const before = process.cpuUsage()
const lines = timed(args)
const { 'top-1': top1, 'top-5': top5 } = lines.find(({ event }) => event === 'result')
console.log({ train, test, top1, top5, ...lines.at(-1) })
if (!(top1 >= LEAST)) throw new Error(`top-1 ${top1} is below ${LEAST}`)
if (process.argv[3] === undefined) rmSync(folder, { recursive: true })
