import t from 'tap'
import { Deployment } from '../../../../engine/models/deployment.ts'
import { IMAGE, inputOf, OBJECT_OUTPUTS, outputsOf, pixelsOf, takesAnySize } from '../../../../server/dialects/kserve/signature.ts'
import { infoOf } from '../../../support/store-parts.ts'

const info = infoOf('small')
const anySize = { ...info, resizeMode: 'keep-ratio' } as const
const deployment = new Deployment('small', { builtIn: 'small', precision: 'fp32' })

t.test('a model takes a photo, and gives objects', async t => {
  t.equal(inputOf({ name: 'small', deployment, isRaw: false }), IMAGE)
  t.same(IMAGE, { name: 'image', datatype: 'BYTES', shape: [1] })
  t.same(outputsOf({ isRaw: false }).map(({ name }) => name), OBJECT_OUTPUTS)
})

t.test('its network takes pixels, and gives predictions', async t => {
  const raw = { name: 'small.raw', deployment, isRaw: true }
  t.throws(() => inputOf(raw), { code: 'MODEL_UNAVAILABLE', message: 'The input of small.raw is not known: it has not been read yet' })
  deployment.described(info)
  t.same(inputOf(raw), { name: 'pixels', datatype: 'UINT8', shape: [1, 64, 96, 3] })
  t.same(outputsOf(raw), [{ name: 'output', datatype: 'FP32', shape: [1, -1, -1] }])
})

t.test('the size of the input may be the photo\'s', async t => {
  t.notOk(takesAnySize(info))
  t.ok(takesAnySize(anySize))
  t.same(pixelsOf(anySize).shape, [1, -1, -1, 3])
})
