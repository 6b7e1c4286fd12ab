import { PassThrough } from 'node:stream'
import t from 'tap'
import { epochText, JsonProgress, measureTexts, TextProgress, timeText } from '../../../cli/train/progress.ts'

const LOSSES = { loss: 0.8124, loss_qfl: 0.3, box: 0.4124, dfl: 0.1 }
const STEP = { epoch: 1, step: 11, steps: 30, losses: LOSSES, rate: 0.00198, gradientNorm: 2.5, photosPerSecond: 33.33 }
const EPOCH = { epoch: 1, epochs: 3, losses: LOSSES, rate: 0.0019812, score: 0.4, isBest: true, seconds: 21.4 }
const MEASURES = { AP: 0.4, AP50: 0.7012 }
const ioTo = (isTTY: boolean, quiet = false) => ({ stdout: new PassThrough(), stderr: Object.assign(new PassThrough(), { isTTY }), quiet })

t.test('a bar on a terminal, which lines replace', async t => {
  const io = ioTo(true)
  const progress = new TextProgress(io)
  progress.note('200 photos')
  progress.onStep(STEP)
  progress.onStep({ ...STEP, step: 12 })
  progress.onEpoch(EPOCH, MEASURES)
  progress.stop()
  const shown = String(io.stderr.read())
  t.match(shown, /^200 photos\n/)
  t.match(shown, /12\/30 epoch 2, loss 0\.812 \(qfl 0\.300, box 0\.412, dfl 0\.100\), 33\.3 photos\/s, \d+ s to go/)
  t.match(shown, /epoch 2 of 3: loss .*, best so far\n/)
})

t.test('lines alone elsewhere, nothing with --quiet', async t => {
  const [io, quiet] = [ioTo(false), ioTo(true, true)]
  for (const progress of [new TextProgress(io), new TextProgress(quiet)]) {
    progress.onStep(STEP)
    progress.onEpoch(EPOCH, MEASURES)
    progress.stop()
  }
  t.equal(String(io.stderr.read()), 'epoch 2 of 3: loss 0.812 (qfl 0.300, box 0.412, dfl 0.100), AP 0.400, AP50 0.701, rate 0.00198, 21 s, best so far\n')
  t.equal(quiet.stderr.read(), null)
})

t.test('JSON lines on stdout', async t => {
  const io = ioTo(true)
  const progress = new JsonProgress(io)
  progress.note()
  progress.onStep(STEP)
  progress.onEpoch(EPOCH, MEASURES)
  progress.stop()
  t.same(String(io.stdout.read()).trim().split('\n').map(line => JSON.parse(line)), [
    { event: 'step', epoch: 2, step: 11, steps: 30, losses: LOSSES, rate: 0.00198, gradient_norm: 2.5, photos_per_second: 33.33 },
    { event: 'epoch', epoch: 2, epochs: 3, losses: LOSSES, rate: 0.0019812, AP: 0.4, AP50: 0.7012, best: true, seconds: 21.4 }
  ])
  t.equal(io.stderr.read(), null)
})

t.test('an epoch without validation, a loss without parts, times', async t => {
  t.equal(epochText({ ...EPOCH, losses: { loss: 1 }, score: undefined }, {}), 'epoch 2 of 3: loss 1.000, rate 0.00198, 21 s')
  t.same(measureTexts({ AP: -1, AP50: 0.5 }), ['AP –', 'AP50 0.500'])
  t.same([4.4, 200, 7500].map(timeText), ['4 s', '3 min 20 s', '2 h 5 min'])
})
