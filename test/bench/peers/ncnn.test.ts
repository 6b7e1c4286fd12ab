import t from 'tap'
import { ncnnPeer, readAverage } from '../../../bench/peers/ncnn.ts'
import { BENCHNCNN, executable } from '../../support/peers.ts'

const NETWORK = { param: 'a.param', input: { width: 416, height: 320 }, loops: 8 }

t.test('the average of a program that prints as benchncnn', async t => {
  const peer = ncnnPeer({ ...NETWORK, program: executable(BENCHNCNN) })
  t.same(await peer.turn(), { network: 16.5 })
  await peer.close()
})

t.test('arguments as benchncnn takes them', async t => {
  const said = 'console.error(process.argv.slice(2).join(" ")); process.exit(1)'
  await t.rejects(ncnnPeer({ ...NETWORK, program: executable(said) }).turn(), { name: 'CommandError', message: '8 1 0 -1 0 param=a.param shape=[416,320,3]' })
})

t.test('other output, and a program that is not there', async t => {
  const line = 'a  min =    1.00  max =    2.00  avg =    1.50\n'
  t.equal(readAverage(`loop_count = 8\n${line}`), 1.5)
  t.throws(() => readAverage('done'), { name: 'CommandError', message: 'expected one line with "min = … max = … avg = …", found none' })
  t.throws(() => readAverage(line + line), { message: /found 2$/ })
  await t.rejects(ncnnPeer({ ...NETWORK, program: 'none-such' }).turn(), { name: 'CommandError', message: /ENOENT/ })
})
