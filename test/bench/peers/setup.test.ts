import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { FILES, readSetup, writeSetup } from '../../../bench/peers/setup.ts'
import { fromOnnx } from '../../../nn/onnx/from-onnx.ts'
import { SMALL } from '../../support/model-files.ts'
import { MODEL, peersFolder } from '../../support/peers.ts'

t.test('networks, the config, and the warp of each photo', async t => {
  const { folder, photos } = await peersFolder(t)
  t.same(readdirSync(folder).sort(), ['fp32.onnx', 'plain.onnx', 'setup.json'])
  const setup = await readSetup(folder)
  t.same([setup.config.name, setup.padded], ['small', SMALL.input])
  const [{ path, matrix: [[scaleX, , offsetX], [, scaleY, offsetY]] }] = setup.photos as [typeof setup.photos[0]]
  t.equal(path, photos[0]!.path)
  t.equal(scaleX, scaleY, 'letterbox')
  t.ok(offsetX > 0 && Math.abs(offsetY) < 1e-9, 'a tall photo in the middle')
  t.same([...fromOnnx(readFileSync(`${folder}/${FILES.plain}`)).outputs.keys()], ['output'])
})

t.test('a photo that is none', t => t.rejects(
  writeSetup(MODEL, ['fp32'], [{ path: 'a.jpg', bytes: Buffer.from('text') }]), { name: 'CommandError', message: /^a\.jpg: / }
))
