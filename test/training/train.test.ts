import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { EpochReport, StepReport, TrainingHooks, TrainingResult, TrainingSettings } from '../../training/settings.ts'
import type { DetectionSpec } from '../../training/spec.ts'
import { train } from '../../training/train.ts'
import { drawSquares, tinySpec, TINY_SETTINGS } from '../support/tiny-training.ts'

const PROGRAM = fileURLToPath(new URL('../support/tiny-run.js', import.meta.url))
const folder = t.testdir()
const pictures = await drawSquares(folder, 9)
const spec = tinySpec(pictures, 6)

interface Changes {
  spec?: Partial<DetectionSpec>
  settings?: Partial<TrainingSettings>
  hooks?: Partial<TrainingHooks>
  resume?: boolean
}

const run = async (name: string, { spec: change, settings, hooks, resume = false }: Changes = {}): Promise<TrainingResult> => await train(
  { ...spec, ...change },
  { ...TINY_SETTINGS, workers: 1, ...settings },
  { path: join(folder, name), resume },
  { score: () => 0.5, ...hooks }
)

/** All weights of a result, to compare bit by bit. */
const bits = ({ stateDict }: TrainingResult): string =>
  [...stateDict.parameters].map(([name, { data }]) => `${name} ${Buffer.from(data.slice().buffer).toString('base64')}`).join('\n')

const steps: StepReport[] = []
const epochs: EpochReport[] = []
const undisturbed = await run('whole', {
  hooks: {
    onStep: report => steps.push(report),
    onEpoch: report => epochs.push(report),
    score: found => {
      t.equal(found.length, 3)
      return epochs.length
    }
  }
})

t.test('a run reports each step and epoch, and gives the weights of the best', async t => {
  t.match(steps.map(({ epoch, step, steps }) => [epoch, step, steps]), [[0, 1, 4], [0, 2, 4], [1, 3, 4], [1, 4, 4]])
  for (const { losses, gradientNorm, rate, photosPerSecond } of steps) {
    t.same(Object.keys(losses), ['loss', 'loss_qfl', 'loss_bbox', 'loss_dfl'])
    t.ok(Math.min(losses['loss']!, gradientNorm, rate, photosPerSecond) > 0)
  }
  t.match(epochs, [{ epoch: 0, epochs: 2, score: 0, isBest: true }, { epoch: 1, score: 1, isBest: true }])
  t.ok(Math.abs(epochs[0]!.losses['loss']! - (steps[0]!.losses['loss']! + steps[1]!.losses['loss']!) / 2) < 1e-6)
  t.match(undisturbed, { ending: 'finished', epoch: 1, score: 1, history: epochs })
  t.same([...undisturbed.stateDict.parameters.keys()], [...spec.initial.parameters.keys()])
  for (const [name, { data }] of undisturbed.stateDict.parameters) {
    const before = spec.initial.parameters.get(name)!.data
    t.ok(data.some((value, i) => value !== before[i]), name)
  }
})

t.test('interrupted in the middle of an epoch and resumed with other workers, the weights are the same to the bit', async t => {
  const abort = new AbortController()
  const hooks = { signal: abort.signal, onStep: () => abort.abort(), score: () => 0 }
  const { ending, epoch, score } = await run('interrupted', { hooks })
  t.match({ ending, epoch, score }, { ending: 'interrupted', epoch: 0, score: undefined })
  const later: StepReport[] = []
  const { ending: end, ...resumed } = await run('interrupted', { resume: true, settings: { workers: 2 }, hooks: { score: () => later.length, onStep: step => later.push(step) } })
  t.equal(end, 'finished')
  t.equal(bits({ ...resumed, ending: end }), bits(undisturbed))
  t.same(later.map(({ step, losses }) => [step, losses]), steps.slice(1).map(({ step, losses }) => [step, losses]))
  await t.rejects(run('interrupted', { resume: true, spec: { seed: 2 } }), { code: 'OTHER_RUN', message: /another seed/ })
})

t.test('killed and resumed, the weights are the same to the bit', async t => {
  const { NODE_OPTIONS, ...env } = process.env
  const child = spawn(process.execPath, [PROGRAM, folder, join(folder, 'killed')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(child.stdout)) if (line === 'step 3') child.kill('SIGKILL')
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit')
  t.equal(child.signalCode, 'SIGKILL')
  const { ending, ...resumed } = await run('killed', { resume: true, hooks: { score: () => 1 } })
  t.equal(bits({ ...resumed, ending }), bits(undisturbed))
})

t.test('what can\'t be trained is refused before anything is written', async t => {
  const refused = async (message: RegExp, changes: Changes) =>
    await t.rejects(run('refused', changes), { name: 'TrainingError', code: 'UNUSABLE_SETTINGS', message })
  await refused(/training set has no photos/, { spec: { examples: [] } })
  await refused(/all parameters are frozen/, { spec: { trained: [] } })
  await refused(/a batch of 5 photos is not a multiple of the 2/, { settings: { batch: 5 } })
  await refused(/number of epochs/, { settings: { epochs: 0 } })
  await refused(/number of workers/, { settings: { workers: 0 } })
  t.notOk(existsSync(join(folder, 'refused')))
})
