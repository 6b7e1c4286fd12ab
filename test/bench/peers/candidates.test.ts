import t from 'tap'
import { candidatesFor } from '../../../bench/peers/candidates.ts'
import { peersFolder } from '../../support/peers.ts'

t.test('all peers of a run, in the order of the report', async t => {
  const { folder, photos } = await peersFolder(t)
  const server = { base: 'http://127.0.0.1:1', pid: 1 }
  const field = { folder, photos, clients: 8, turn: 1, input: { width: 96, height: 64 } }
  const fp32 = candidatesFor({ ...field, servers: { fp32: server } })
  t.same(fp32.map(({ name }) => name), ['server, fp32, 1 client', 'server, fp32, 8 clients', 'bare pipeline, fp32', 'onnxruntime, plain export', 'OpenCV'])
  const all = candidatesFor({ ...field, servers: { fp32: server, int8: server }, python: 'none-such', ncnn: 'benchncnn', ncnnParam: 'a.param' })
  t.same(all.map(({ name }) => name).filter(name => /int8|ncnn/.test(name)), ['server, int8, 1 client', 'server, int8, 8 clients', 'bare pipeline, int8', 'ncnn'])
  for (const { name, start } of all.filter(({ name }) => !/int8|OpenCV/.test(name))) {
    const peer = await start()
    if (/bare|plain/.test(name)) t.ok((await peer.turn()).network! > 0, name)
    await peer.close()
  }
  await t.rejects(all.find(({ name }) => name === 'OpenCV')!.start(), { name: 'CommandError', message: /^not found: none-such/ })
})
