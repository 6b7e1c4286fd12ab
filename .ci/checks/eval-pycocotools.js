/**
 * Compares `nanodet eval` with pycocotools on photos of coco128, with annotations as different tools write them: both score the
 * same detections. pycocotools comes from PyPI.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DATA = '../shared/coco128'
const IMAGES = 24
const MAX_DIFFERENCE = 1e-9
const SCORE = `
import json, sys
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
print_ = print
sys.stdout = sys.stderr
truth = COCO()
truth.dataset = json.load(open(sys.argv[1], encoding='utf-8-sig'))
for annotation in truth.dataset['annotations']:
    annotation.setdefault('iscrowd', 0)
    annotation.setdefault('area', annotation['bbox'][2] * annotation['bbox'][3])
truth.createIndex()
evaluation = COCOeval(truth, truth.loadRes(sys.argv[2]), 'bbox')
evaluation.evaluate()
evaluation.accumulate()
evaluation.summarize()
sys.stdout = sys.__stdout__
print_(json.dumps(list(evaluation.stats)))
`
const METRICS = ['AP', 'AP50', 'AP75', 'APs', 'APm', 'APl', 'AR1', 'AR10', 'AR100', 'ARs', 'ARm', 'ARl']

const all = JSON.parse(readFileSync(`${DATA}/instances.json`, 'utf8'))
const images = all.images.slice(0, IMAGES)
const ids = new Set(images.map(({ id }) => id))
const truth = { ...all, images, annotations: all.annotations.filter(annotation => ids.has(annotation.image_id)) }
const each = change => ({ ...truth, annotations: truth.annotations.map(change) })
const half = truth.categories.slice(0, 40).map(({ id }) => id)

const VARIANTS = {
  'as it is': truth,
  'images listed twice': { ...truth, images: [...images, ...images.slice(0, 8)] },
  'images under two ids': {
    ...truth,
    images: [...images, ...images.slice(0, 8).map(image => ({ ...image, id: image.id + 1e7 }))],
    annotations: [...truth.annotations, ...truth.annotations.filter(({ image_id: id }) => id === images[0].id)
      .map((annotation, i) => ({ ...annotation, id: 1e9 + i, image_id: annotation.image_id + 1e7 }))]
  },
  'images without sizes, annotations without area and iscrowd': {
    ...each(({ area, iscrowd, ...rest }) => rest), images: images.map(({ width, height, ...rest }) => rest)
  },
  'boolean iscrowd': each((annotation, i) => ({ ...annotation, iscrowd: i % 5 === 0 })),
  'repeated annotation ids': each((annotation, i) => i % 7 === 1 ? { ...annotation, id: truth.annotations[i - 1].id } : annotation),
  'ids as text': {
    ...each(annotation => ({ ...annotation, image_id: `${annotation.image_id}` })), images: images.map(image => ({ ...image, id: `${image.id}` }))
  },
  'classes that the model does not know': {
    ...truth, categories: truth.categories.map(category => half.includes(category.id) ? category : { ...category, name: `no ${category.name}` })
  },
  'a byte order mark': `\uFEFF${JSON.stringify(truth)}`
}

const folder = mkdtempSync(join(tmpdir(), 'pycocotools-'))
const run = (command, args, env = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, maxBuffer: 2 ** 26 })
function installed (target) {
  try {
    run('python3', ['-m', 'pip', 'install', '--quiet', '--retries', '0', '--target', target, 'pycocotools'])
    return true
  } catch {
    return false
  }
}

try {
  const canCompare = installed(`${folder}/python`)
  if (!canCompare) console.log('== skipped: pycocotools could not be installed; PyPI may be unreachable')
  writeFileSync(`${folder}/score.py`, SCORE)
  for (const [name, variant] of Object.entries(canCompare ? VARIANTS : {})) {
    const [annotations, detections] = [`${folder}/instances.json`, `${folder}/detections.json`]
    writeFileSync(annotations, typeof variant === 'string' ? variant : JSON.stringify(variant))
    const args = ['eval', '--images', `${DATA}/images`, '--annotations', annotations, '--detections', detections, '--json']
    const ours = JSON.parse(run(process.execPath, ['dist/bin/nanodet.js', ...args]))
    const theirs = JSON.parse(run('python3', [`${folder}/score.py`, annotations, detections], { PYTHONPATH: `${folder}/python` }))
    const difference = Math.max(...METRICS.map((metric, i) => Math.abs(ours[metric] - theirs[i])))
    console.log(`${name}: AP ${ours.AP.toFixed(4)}, pycocotools ${theirs[0].toFixed(4)}`, ours.notes)
    if (!(difference < MAX_DIFFERENCE)) throw new Error(`${name}: differs from pycocotools by ${difference}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
