import t from 'tap'
import { readImage, readPixels } from '../../../../server/dialects/kserve/input.ts'
import type { InputTensor } from '../../../../server/dialects/kserve/request.ts'
import { PERSON } from '../../../support/kserve.ts'
import { photo } from '../../../support/files.ts'
import { infoOf } from '../../../support/store-parts.ts'

const jpeg = photo('sample-me.jpg')
const request = (input?: Partial<InputTensor>, body: Uint8Array = Buffer.of()) =>
  ({ body, binary: true, options: {}, ...(input && { input: { name: 'image', datatype: 'BYTES', shape: [1], data: undefined, ...input } }) })
const pixels = (input: Partial<InputTensor>) => request({ name: 'pixels', datatype: 'UINT8', shape: [1, 1, 2, 3], ...input })
const fixed = { ...infoOf('fixed'), input: { width: 2, height: 1 } }

t.test('an image as bytes, as base64, and as the body', async t => {
  t.ok(jpeg.equals(readImage(request({ bytes: PERSON }))))
  t.ok(jpeg.equals(readImage(request({ bytes: PERSON, shape: [1, 1] }))))
  t.ok(jpeg.equals(readImage(request(undefined, jpeg))))
  for (const contentType of ['base64', undefined]) {
    t.ok(jpeg.equals(readImage(request({ data: [jpeg.toString('base64')], contentType }))))
    t.ok(jpeg.equals(readImage(request({ data: [[jpeg.toString('base64')]], shape: [1, 1], contentType }))))
  }
})

t.test('what is no image is refused', async t => {
  const two = Buffer.concat([PERSON, PERSON])
  const wrong: Array<[Partial<InputTensor>, { readonly message: string | RegExp } | { readonly code: string }]> = [
    [{ name: 'images' }, { message: 'inputs: unknown input images; the input is image' }],
    [{ datatype: 'UINT8' }, { message: 'image: expected datatype BYTES, not UINT8' }],
    [{ shape: [2], bytes: two }, { message: 'image: expected one image, shape [1], not [2]: send a request for each' }],
    [{ shape: [0] }, { message: /not \[0\]/ }],
    [{ shape: [], bytes: two }, { message: `image: ${PERSON.length} bytes follow the last of 1 elements` }],
    [{ bytes: Buffer.of() }, { message: /^image: element 0 is longer/ }],
    [{ bytes: jpeg }, { message: /^image: element 0 is longer/ }],
    [{ data: [] }, { message: 'image: expected 1 element, found 0' }],
    [{ data: [7] }, { message: 'image: expected base64 or a data URL' }],
    [{ data: ['?'] }, { code: 'INVALID_PARAMETER' }],
    [{ data: ['/9j/'], contentType: 'str' }, { message: 'image: content_type: expected base64' }],
    [{ data: ['dGV4dCE='] }, { code: 'UNSUPPORTED_IMAGE' }]
  ]
  for (const [input, error] of wrong) t.throws(() => readImage(request(input)), error)
})

t.test('a network\'s input as bytes, as numbers, and as the body', async t => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6)
  const expected = { shape: [1, 1, 2, 3], bytes }
  t.same(readPixels(pixels({ bytes }), fixed), expected)
  t.same(readPixels(pixels({ data: [1, 2, 3, 4, 5, 6] }), fixed), expected)
  t.same(readPixels(pixels({ data: [[[[1, 2, 3], [4, 5, 6]]]] }), fixed), expected)
  t.same(readPixels(request(undefined, bytes), fixed), expected)
})

t.test('what is none is refused', async t => {
  t.throws(() => readPixels(pixels({ data: [-1] }), fixed), { code: 'INVALID_PARAMETER' })
  t.throws(() => readPixels(pixels({ datatype: 'FP32' }), fixed), { message: 'pixels: expected datatype UINT8, not FP32' })
  const anySize = { ...fixed, resizeMode: 'keep-ratio' } as const
  t.throws(() => readPixels(request(undefined, Buffer.of(1, 2, 3)), anySize), { message: /^pixels: the number of bytes does not tell its shape/ })
})
