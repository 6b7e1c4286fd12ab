import t from 'tap'
import { serverPeer } from '../../../bench/peers/server-peer.ts'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

const photos = [{ path: 'a.jpg', bytes: photo('sample-me.jpg') }]

t.test('CPU time per photo', async t => {
  const { app } = await startApp(t)
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const peer = serverPeer({ base, pid: process.pid }, { photos, clients: 2, turn: 4 })
  if (process.platform === 'linux') t.ok((await peer.turn()).all! > 0)
  await peer.close()
  const elsewhere = serverPeer({ base, pid: 0 }, { photos, clients: 2, turn: 1 })
  await t.rejects(elsewhere.turn(), { name: 'CommandError', message: 'CPU times of other processes are measured on Linux only' })
  const noPhoto = serverPeer({ base, pid: process.pid }, { photos: [{ path: 'a', bytes: Buffer.from('text') }], clients: 1, turn: 2 })
  await t.rejects(noPhoto.turn(), { name: 'CommandError', message: 'the server failed on 2 of 2 photos' })
})
