import t from 'tap'
import { Deployment } from '../../../../engine/models/deployment.ts'
import { OBJECT_OUTPUTS, signatureOf, takesAnySize } from '../../../../server/dialects/kserve/signature.ts'
import { infoOf } from '../../../support/store-parts.ts'

const info = infoOf('small')
const deployment = (described = true, geometry: 'letterbox' | 'keep-ratio' = 'letterbox'): Deployment => {
  const deployment = new Deployment('small', { builtIn: 'small', precision: 'fp32' })
  if (described) deployment.described({ ...info, geometry })
  return deployment
}

t.test('a model takes a photo, whatever its network', async t => {
  const { input, outputs } = signatureOf({ name: 'small', deployment: deployment(false), isRaw: false })
  t.same(input, { name: 'image', datatype: 'BYTES', shape: [1] })
  t.same(outputs.map(({ name }) => name), OBJECT_OUTPUTS)
})

t.test('its network takes pixels', async t => {
  const raw = { name: 'small.raw', isRaw: true }
  t.same(signatureOf({ ...raw, deployment: deployment() }), {
    input: { name: 'pixels', datatype: 'UINT8', shape: [1, 64, 96, 3] }, outputs: [{ name: 'output', datatype: 'FP32', shape: [1, -1, -1] }]
  })
  t.same(signatureOf({ ...raw, deployment: deployment(true, 'keep-ratio') }).input.shape, [1, -1, -1, 3])
  t.throws(() => signatureOf({ ...raw, deployment: deployment(false) }), { code: 'MODEL_UNAVAILABLE', message: /^The input of small\.raw is not known/ })
})

t.test('the size of the input may be the photo\'s', async t => {
  t.notOk(takesAnySize(info))
  t.ok(takesAnySize({ ...info, geometry: 'keep-ratio' }))
})
