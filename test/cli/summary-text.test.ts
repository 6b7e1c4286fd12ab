import t from 'tap'
import { describeSummary, timed } from '../../cli/summary-text.ts'
import { REGISTRY } from '../../models/registry.ts'
import { summarize } from '../../models/summary.ts'

const config = REGISTRY.get('nanodet-m-416')!
const text = describeSummary(summarize(config, false))

t.test('layers are a tree', async t => {
  t.match(text, /^nanodet-m-416, 1×3×416×416, batch norms not folded\n/)
  t.match(text, /│ backbone +│ +│ +│ +776,420 │ 415,954,968 │ +54,451,432 │/)
  t.match(text, /│ {3}stage2 +│ +│ 1×116×52×52 +│ +30,192 │/)
  t.match(text, /│ {7}branch2 +│ /)
  t.match(text, /│ all +│ +│ +│ +950,036 │ 578,357,208 │ +68,050,008 │/)
})

t.test('operators and guidelines are tables', async t => {
  t.match(text, /│ Conv +│ +73 │ 578,357,208 │ +18,785,408 │/)
  t.match(text, /│ G1 +│ channel ratio +│ 1\.169 │ +1 │/)
  t.match(describeSummary(summarize(config, true)), /^nanodet-m-416, 1×3×416×416, batch norms folded\n/)
})

t.test('measured times are another column', async t => {
  const layers = [{ name: 'backbone', ms: 1.5 }, { name: 'backbone.stage2', ms: 0.25 }]
  const times = { decode: 0, preprocess: 0, inference: 2, postprocess: 0 }
  const measured = timed(summarize(config, false), { runs: 1, threads: 2, totalMs: 2, otherMs: 0.25, layers, nodes: [], times }, 'fp32')
  t.match(measured.layers.find(({ name }) => name === 'backbone.stage2'), { ms: 0.25, parameters: 30_192 })
  t.notOk('ms' in measured.layers.find(({ name }) => name === 'head')!)
  const text = describeSummary(measured)
  t.match(text, /│ memory access │ +ms │/)
  t.match(text, /│ backbone .* 1\.50 │/)
  t.match(text, /│ +stage2 .* 0\.25 │/)
  t.match(text, /│ other +│ +│ +│ +│ +│ +│ 0\.25 │/)
  t.match(text, /│ all .* 2\.00 │/)
  t.match(text, /\nms: measured on this machine, fp32, 2 threads, median of 1 run with a blank picture; other work may have run\n/)
})
