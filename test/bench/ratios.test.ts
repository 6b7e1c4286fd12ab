import t from 'tap'
import { ratiosOf } from '../../bench/ratios.ts'
import { level, STAGES, THROUGHPUT } from '../support/bench.ts'

t.test('the server beside the bare stages', async t => {
  const ratios = ratiosOf(STAGES, [level(1, 20, 50), level(8, 100, 80)], THROUGHPUT)
  t.same(ratios, {
    http_to_bare: 20 / 16,
    throughput_to_bare: 0.8,
    after_run_ms: 0.5,
    main_thread_ms: 1.25
  })
})

t.test('null where no level is the one', async t => {
  const ratios = ratiosOf(STAGES, [level(2, 20, 50)], THROUGHPUT)
  t.same(ratios, { http_to_bare: null, throughput_to_bare: 0.8, after_run_ms: 0.5, main_thread_ms: null })
})
