/** Trains nanodet-m-416 on eight photos of coco128 until it finds what is on them: AP ≥ 0.9 within 25 epochs. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cocoScores } from '../../dist/cli/eval/coco-ap.js'
import { loadStateDict } from '../../dist/models/weights.js'
import { REGISTRY } from '../../dist/models/registry.js'
import { trainedParameters } from '../../dist/training/initialize/frozen.js'
import { train } from '../../dist/training/train.js'
import { withinPasses } from '../yardstick.js'

const DATA = '../shared/coco128'
const PHOTOS = 8
const LEAST_AP = 0.9
/** Forward passes that take as much CPU time; half of it is normal. */
const MAX_PASSES = 3000
const EPOCHS = 25
const UNCHANGED = {
  perspective: 0,
  scale: [1, 1],
  stretch: [[1, 1], [1, 1]],
  rotation: 0,
  shear: 0,
  translate: 0,
  flip: 0,
  brightness: 0,
  contrast: [1, 1],
  saturation: [1, 1],
  mosaic: 0
}

const coco = JSON.parse(readFileSync(`${DATA}/instances.json`, 'utf8'))
const base = REGISTRY.get('nanodet-m-416')
const config = { ...base, input: { width: 320, height: 320 } }
const images = coco.images.slice(0, PHOTOS)
const annotations = coco.annotations.filter(({ image_id: id }) => images.some(image => image.id === id))
const idOfLabel = config.labels.map(label => coco.categories.find(({ name }) => name === label)?.id)
const examples = images.map(({ id, file_name: file }) => ({ path: `${DATA}/images/${file}`, objects: annotations.filter(a => a.image_id === id).map(truthOf) }))
const initial = await loadStateDict(base)
const folder = mkdtempSync(join(tmpdir(), 'overfit-'))
const spec = {
  kind: 'detector',
  config,
  initial,
  trained: trainedParameters(config, initial.folded, 'stem'),
  batchStatistics: false,
  microBatch: 8,
  augmentation: UNCHANGED,
  seed: 1,
  examples,
  validation: examples,
  auxiliary: false
}
const settings = {
  epochs: EPOCHS,
  batch: PHOTOS,
  optimizer: { name: 'adamw', weightDecay: 0.01 },
  learningRate: 1e-3,
  warmupSteps: 5,
  finalRate: 0.05,
  clipNorm: 35,
  averageDecay: 0,
  patience: EPOCHS,
  workers: 1
}
const { score, history } = await withinPasses(MAX_PASSES, trained)
rmSync(folder, { recursive: true })
console.log(`AP ${history[0].score.toFixed(3)} after a step, at best ${score.toFixed(3)}`)
if (!(score >= LEAST_AP)) throw new Error(`AP ${score} is below ${LEAST_AP}`)

async function trained () {
  const before = secondsUsed()
  const result = await train(spec, settings, { path: join(folder, 'run.state'), resume: false }, { score: apOf })
  return { ...result, seconds: secondsUsed() - before }
}

function truthOf ({ bbox: [x, y, width, height], category_id: id }) {
  return { box: [x, y, x + width, y + height], label: idOfLabel.indexOf(id) }
}

function apOf (found) {
  const results = found.flatMap((objects, i) => objects.map(({ classId, score, box: [x1, y1, x2, y2] }) =>
    ({ image_id: images[i].id, category_id: idOfLabel[classId], bbox: [x1, y1, x2 - x1, y2 - y1], score })))
  return cocoScores({ images, annotations, categories: coco.categories }, results).summary.AP
}

/** Of this process and of its children that have ended. */
function secondsUsed () {
  const [, fields] = readFileSync('/proc/self/stat', 'utf8').split(') ')
  return fields.split(' ').slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
}
