import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ProcessPeer } from '../../../bench/peers/process-peer.ts'
import { peersFolder } from '../../support/peers.ts'

const MAIN = fileURLToPath(new URL('../../../bench/peers/bare.js', import.meta.url)) // the tests run compiled, in dist/test

t.test('from photo to boxes', async t => {
  const { folder } = await peersFolder(t)
  const peer = await ProcessPeer.start(process.execPath, [MAIN, folder, 'fp32'], 2)
  t.match(peer.ready, { versions: { sharp: /^\d/, libvips: /^\d/ } })
  const { preprocess, network, boxes } = await peer.turn()
  t.ok(preprocess! > 0 && network! > 0 && boxes! > 0)
  await peer.close()
})
