import t from 'tap'
import { readRuns } from '../../../engine/profile/events.ts'

const kernel = (name: string, dur: number) => ({ cat: 'Node', name: `${name}_kernel_time`, dur, args: { op_name: 'Conv' } })
const session = (name: string) => ({ cat: 'Session', name, dur: 1, args: {} })

t.test('operators of each run, in milliseconds', async t => {
  const fence = { cat: 'Node', name: 'a_fence_before', dur: 0, args: {} }
  const events = [session('model_loading_array'), kernel('a', 1500), fence, kernel('b', 2), session('SequentialExecutor::Execute'), session('model_run'),
    kernel('a', 1000), kernel('b', 3), session('model_run')]
  t.same(readRuns(JSON.stringify(events)), [
    [{ name: 'a', op: 'Conv', ms: 1.5 }, { name: 'b', op: 'Conv', ms: 0.002 }],
    [{ name: 'a', op: 'Conv', ms: 1 }, { name: 'b', op: 'Conv', ms: 0.003 }]
  ])
})
