/** Compares the AP on 128 COCO photos with that of upstream's PyTorch code with the same weights. */
import { execFileSync } from 'node:child_process'

const DATA = ['--images', '../shared/coco128/images', '--annotations', '../shared/coco128/instances.json']
const RUNS = [
  { model: 'nanodet-m-416', least: 0.347 },
  { model: 'nanodet-m-416', weights: 'nanodet_m_416.ckpt', least: 0.347 },
  { model: 'nanodet-m-416', weights: 'nanodet_m_416.onnx', least: 0.347 },
  { model: 'nanodet-plus-m-416', weights: 'nanodet-plus-m_416.ckpt', least: 0.405 },
  { model: 'nanodet-plus-m-320', weights: 'nanodet-plus-m_320.ckpt', least: 0.393 }
]

for (const { model, weights, least } of RUNS) {
  const own = weights ? ['--weights', `../shared/checkpoints/${weights}`] : []
  const args = ['dist/bin/nanodet.js', 'eval', ...DATA, '--model', model, ...own, '--json']
  const { AP, AP50, AP75 } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
  console.log(model, weights ?? 'built in', { AP, AP50, AP75 })
  if (!(AP >= least)) throw new Error(`${model}: AP ${AP} is below ${least}`)
}
