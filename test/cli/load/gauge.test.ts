import t from 'tap'
import { readGauge } from '../../../cli/load/gauge.ts'

t.test('a gauge in Prometheus\' text', async t => {
  t.equal(readGauge('# TYPE a gauge\na_b 1\na 2.5\n', 'a'), 2.5)
  t.same(readGauge('a_b 1\n', 'a'), NaN)
})
