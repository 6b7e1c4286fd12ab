/** Compares whole training steps with those of upstream's code: each loss part by itself, and its gradients. */
import { readFileSync } from 'node:fs'
import { UpstreamStep } from '../../dist/test/support/training-steps.js'

const MAX_LOSS_DIFFERENCE = 1e-5
/** Of a gradient's rms: float32 gives no more. */
const MAX_GRADIENT_DIFFERENCE = 2e-3

const { networks } = JSON.parse(readFileSync('../shared/reference/golden/training.json', 'utf8'))
const variants = grouped(networks.cases)
for (const [variant, cases] of variants) {
  const step = await UpstreamStep.create(networks, cases[0])
  for (const example of cases) check(variant, example, await step.differences(networks, example, partsOf(example)))
  await step.release()
}

function variantOf ({ network, variant }) { return `${network}, ${variant}` }

function grouped (cases) {
  const names = [...new Set(cases.map(variantOf))]
  return new Map(names.map(name => [name, cases.filter(example => variantOf(example) === name)]))
}

function partsOf ({ partGradients }) { return ['loss', ...Object.keys(partGradients ?? {})] }

function check (variant, { scene, positives = [] }, found) {
  const gradients = Math.max(...Object.values(found.gradients))
  console.log({ variant, scene, positives: found.positives.length, losses: found.losses, gradients })
  if (found.positives.join() !== positives.join()) throw new Error(`${variant}, ${scene}: other points are positive: ${found.positives}`)
  if (!(found.losses <= MAX_LOSS_DIFFERENCE)) throw new Error(`${variant}, ${scene}: the losses differ by ${found.losses}`)
  if (!(gradients <= MAX_GRADIENT_DIFFERENCE)) throw new Error(`${variant}, ${scene}: ${JSON.stringify(found.gradients)}`)
}
