import t from 'tap'
import { bareName, serverName } from '../../../bench/peers/names.ts'

t.test('with precision and clients', async t => {
  t.equal(bareName('int8'), 'bare pipeline, int8')
  t.same([serverName('fp32', 1), serverName('fp32', 8)], ['server, fp32, 1 client', 'server, fp32, 8 clients'])
})
