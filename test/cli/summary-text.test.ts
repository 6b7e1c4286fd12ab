import t from 'tap'
import { describeSummary } from '../../cli/summary-text.ts'
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
