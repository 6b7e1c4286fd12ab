/**
 * Serves a user's model: NanoDet's config file, written here with the keys and values of upstream's nanodet-plus-m_416.yml, beside
 * the authors' checkpoint. Then loads and unloads it again and again: what the processes take must stay what it was.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { COCO_LABELS } from '../../dist/models/labels.js'
import { buildApp } from '../../dist/server/app.js'
import { readConfig } from '../../dist/server/config.js'
import { startEngine } from '../../dist/server/serve.js'
import pino from 'pino'

const NAME = 'nanodet-plus-m-416'
const CHECKPOINT = resolve('../shared/checkpoints/nanodet-plus-m_416.ckpt')
const PHOTOS = '../shared/coco128/images'
const MAX_PHOTOS = 8
const WARM = 80 // until then heaps and allocators take what they will keep
const ROUNDS = 160
const STEP = 20
const MAX_GROWTH = 1.1
const MIB = 2 ** 20

const photos = { name: 'CocoDataset', input_size: [416, 416], keep_ratio: false }
const normalize = [[103.53, 116.28, 123.675], [57.375, 57.12, 58.395]]
const config = {
  save_dir: 'workspace/nanodet-plus-m_416',
  model: {
    weight_averager: { name: 'ExpMovingAverager', decay: 0.9998 },
    arch: {
      name: 'NanoDetPlus',
      detach_epoch: 10,
      backbone: { name: 'ShuffleNetV2', model_size: '1.0x', out_stages: [2, 3, 4], activation: 'LeakyReLU' },
      fpn: {
        name: 'GhostPAN', in_channels: [116, 232, 464], out_channels: 96, kernel_size: 5, num_extra_level: 1, use_depthwise: true, activation: 'LeakyReLU'
      },
      head: {
        name: 'NanoDetPlusHead',
        num_classes: 80,
        input_channel: 96,
        feat_channels: 96,
        stacked_convs: 2,
        kernel_size: 5,
        strides: [8, 16, 32, 64],
        activation: 'LeakyReLU',
        reg_max: 7,
        norm_cfg: { type: 'BN' },
        loss: { loss_qfl: { name: 'QualityFocalLoss', use_sigmoid: true, beta: 2 } }
      },
      aux_head: { name: 'SimpleConvHead', num_classes: 80, input_channel: 192, feat_channels: 192, stacked_convs: 4, strides: [8, 16, 32, 64] }
    }
  },
  data: { train: { ...photos, pipeline: { flip: 0.5, normalize } }, val: { ...photos, pipeline: { normalize } } },
  device: { gpu_ids: [0], workers_per_gpu: 10, batchsize_per_gpu: 96, precision: 32 },
  schedule: { optimizer: { name: 'AdamW', lr: 0.001 }, total_epochs: 300 },
  grad_clip: 35,
  evaluator: { name: 'CocoDetectionEvaluator', save_key: 'mAP' },
  log: { interval: 50 },
  class_names: COCO_LABELS.map(label => label.replaceAll(' ', '_'))
}

const folder = mkdtempSync(join(tmpdir(), 'own-models-'))
writeFileSync(join(folder, `${NAME}.yml`), stringify(config))
symlinkSync(CHECKPOINT, join(folder, `${NAME}.ckpt`))
const env = readConfig({ MODELS_DIR: folder, DEFAULT_MODEL: NAME, WORKERS: '2', ADMIN_KEYS: 'admin' }) // a single worker would be replaced at every load
const logger = pino({ level: 'silent' })
const engine = startEngine(env, logger)
const app = await buildApp({ config: env, engine, logger })

async function ask (method, url, payload) {
  const headers = { 'x-api-key': 'admin', ...payload && { 'content-type': 'image/jpeg' } }
  const reply = await app.inject({ method, url, headers, payload })
  if (reply.statusCode !== 200) throw new Error(`${method} ${url}: ${reply.body}`)
  return reply.json()
}

async function findsObjects () {
  let found = 0
  for (const file of readdirSync(PHOTOS).slice(0, MAX_PHOTOS)) {
    const { model, detections } = await ask('POST', `/detect?model=${NAME}`, readFileSync(join(PHOTOS, file)))
    if (model !== NAME) throw new Error(`${model} answered`)
    console.log(file, detections.map(({ label, score }) => `${label} ${score}`).join(', '))
    found += detections.length
  }
  if (found < MAX_PHOTOS) throw new Error(`${found} objects in ${MAX_PHOTOS} photos`)
}

async function staysFlat () {
  const photo = readFileSync(join(PHOTOS, readdirSync(PHOTOS)[0]))
  const sizes = []
  for (let round = 1; round <= ROUNDS; round++) {
    await ask('POST', `/models/${NAME}/unload`)
    await ask('POST', `/models/${NAME}/load`)
    await ask('POST', `/detect?model=${NAME}`, photo)
    sizes.push(engine.pools.main.workers.reduce((sum, { rss }) => sum + rss, process.memoryUsage.rss()))
    if (round % STEP === 0) console.log(`after ${round} loads: ${Math.round(sizes.at(-1) / MIB)} MiB`)
  }
  // Between collections the size goes up and down: what counts is the mean of the rounds before.
  const mean = end => sizes.slice(end - 20, end).reduce((a, b) => a + b) / 20
  const growth = mean(ROUNDS) / mean(WARM)
  console.log(`from ${WARM} to ${ROUNDS} loads it grew by ${((growth - 1) * 100).toFixed(1)} %`)
  if (growth > MAX_GROWTH) throw new Error(`it grew from ${Math.round(mean(WARM) / MIB)} to ${Math.round(mean(ROUNDS) / MIB)} MiB`)
}

try {
  await engine.start()
  const { ignored_keys: ignored, state } = await ask('GET', `/models/${NAME}`)
  if (state !== 'ready' || ignored.length > 0) throw new Error(`${state}, ignored: ${ignored}`)
  await findsObjects()
  await staysFlat()
} finally {
  await app.close()
  await engine.close()
  rmSync(folder, { recursive: true })
}
