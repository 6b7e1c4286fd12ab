import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ProcessPeer } from '../../../bench/peers/process-peer.ts'
import { Session } from '../../../engine/session.ts'
import { Steps } from '../../../engine/steps.ts'
import { SMALL } from '../../support/model-files.ts'
import { peersFolder } from '../../support/peers.ts'

const MAIN = fileURLToPath(new URL('../../../bench/peers/plain-export.js', import.meta.url)) // the tests run compiled, in dist/test

t.test('from photo to predictions, which equal those of the compiled network', async t => {
  const { folder, photos: [photo] } = await peersFolder(t)
  const peer = await ProcessPeer.start(process.execPath, [MAIN, folder], 2)
  const { preprocess, normalize, network } = await peer.turn()
  t.ok(preprocess! > 0 && normalize! > 0 && network! > 0)
  await peer.close()
  const session = await Session.create(readFileSync(`${folder}/fp32.onnx`), 1)
  const { picture } = await new Steps(SMALL).preprocess({ bytes: photo!.bytes, maxPixels: Infinity })
  const { output } = await session.run(picture)
  const expected = output!.data.map((value, i) => i % output!.dims[2]! < SMALL.labels.length ? 1 / (1 + Math.exp(-value)) : value)
  const written = new Float32Array(readFileSync(`${folder}/predictions.bin`).buffer)
  t.equal(written.length, expected.length)
  t.ok(written.every((value, i) => Math.abs(value - expected[i]!) < 1e-4))
})
