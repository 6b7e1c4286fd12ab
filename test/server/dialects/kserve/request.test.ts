import t from 'tap'
import { readInferRequest } from '../../../../server/dialects/kserve/request.ts'
import { DEFAULT_HEAD, PERSON, photoHead } from '../../../support/kserve.ts'

/** Reads JSON that may have bytes after it. */
const read = (json: unknown, bytes: Uint8Array = Buffer.of()) => {
  const head = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json))
  return readInferRequest(Buffer.concat([head, bytes]), String(head.length))
}
const input = { name: 'image', datatype: 'BYTES', shape: [1], data: ['/9j/'] }
const asked = (more: object) => ({ inputs: [input], ...more })

t.test('tritonclient\'s default call', async t => {
  const request = read(DEFAULT_HEAD, PERSON)
  t.match(request, { input: { name: 'image', datatype: 'BYTES', shape: [1] }, outputs: undefined, binary: true, id: undefined })
  t.ok(PERSON.equals(request.input!.bytes!))
})

t.test('outputs are bytes where they, or the request, say so', async t => {
  const outputs = [{ name: 'boxes' }, { name: 'p3', parameters: { binary_data: true } }, { name: 'p4', parameters: { binary_data: false } }]
  t.same(read(asked({ outputs })).outputs, [{ name: 'boxes', binary: false }, { name: 'p3', binary: true }, { name: 'p4', binary: false }])
  const { outputs: binary } = read(asked({ outputs, parameters: { binary_data_output: true } }))
  t.same(binary!.map(({ binary }) => binary), [true, true, false])
})

t.test('parameters are those of POST /detect; what other clients add is passed over', async t => {
  t.match(read(asked({ id: 'a1', model: 'x' })), { id: 'a1', binary: false, options: { scoreThreshold: 0.35, iouThreshold: 0.6, maxDetections: 100 } })
  const parameters = { score_threshold: 0.5, max_detections: 2, classes: 'dog', priority: 1, sequence_id: 7, headers: {} }
  t.match(read(asked({ parameters })).options, { scoreThreshold: 0.5, maxDetections: 2, classes: 'dog' })
})

t.test('what is null or empty is left out', async t => {
  const nothing = { id: null, outputs: null, parameters: null, inputs: [{ ...input, parameters: null }] }
  t.match(read(nothing), { id: undefined, outputs: undefined, binary: false, input: { data: ['/9j/'] } })
  t.equal(read(asked({ outputs: [] })).outputs, undefined, 'as in Triton')
})

t.test('without the header all is JSON; where it is 0, nothing', async t => {
  const json = Buffer.from(JSON.stringify(asked({})))
  t.match(readInferRequest(json, undefined), { input: { data: ['/9j/'], bytes: undefined } })
  t.match(readInferRequest(json, '0'), { input: undefined, body: json, binary: true })
})

t.test('what is wrong is named', async t => {
  const wrong: Array<[request: () => unknown, code: string, message: RegExp]> = [
    [() => readInferRequest(Buffer.of(), undefined), 'EMPTY_BODY', /no body/],
    [() => read('{'), 'MALFORMED_REQUEST', /not JSON/],
    [() => read('[]'), 'MALFORMED_REQUEST', /not an object/],
    [() => read('[', PERSON), 'MALFORMED_REQUEST', /not JSON/],
    [() => read({}), 'INVALID_PARAMETER', /^inputs: expected a list/],
    [() => read({ inputs: [] }), 'INVALID_PARAMETER', /^inputs: expected a list of one/],
    [() => read({ inputs: [input, input] }), 'INVALID_PARAMETER', /^inputs: expected a list of at most 1/],
    [() => read({ inputs: [{ ...input, shape: [1.5] }] }), 'INVALID_PARAMETER', /^inputs\.0\.shape\.0/],
    [() => read({ inputs: [{ ...input, shape: [-1] }] }), 'INVALID_PARAMETER', /^inputs\.0\.shape\.0/],
    [() => read({ inputs: [{ ...input, shape: [2 ** 60] }] }), 'INVALID_PARAMETER', /^inputs\.0\.shape\.0/],
    [() => read({ inputs: [{ ...input, shape: Array(1e6).fill(1) }] }), 'INVALID_PARAMETER', /^inputs\.0\.shape: expected a list of at most 8/],
    [() => read({ inputs: [{ ...input, data: undefined }] }), 'INVALID_PARAMETER', /^image: expected either data or binary_data_size/],
    [() => read({ inputs: [{ ...input, parameters: { binary_data_size: 0 } }] }), 'INVALID_PARAMETER', /^image: expected either data/],
    [() => read({ inputs: [{ ...input, parameters: { shared_memory_region: 'x' } }] }), 'INVALID_PARAMETER', /shared_memory_region/],
    [() => read(asked({}), PERSON), 'INVALID_PARAMETER', /binary_data_size is 0, but \d+ bytes follow the JSON/],
    [() => read(photoHead('', { size: 9 }), PERSON), 'INVALID_PARAMETER', /binary_data_size is 9, but/],
    [() => read(photoHead(''), PERSON.subarray(1)), 'INVALID_PARAMETER', /binary_data_size is \d+, but/],
    [() => read(photoHead('', { size: -1 }), PERSON), 'INVALID_PARAMETER', /binary_data_size/],
    [() => read(asked({ parameters: Object.fromEntries(Array(1e4).fill(1).entries()) })), 'INVALID_PARAMETER', /^parameters: expected at most 64 names$/],
    [() => read({ inputs: [{ ...input, parameters: Object.fromEntries(Array(1e4).fill(1).entries()) }] }), 'INVALID_PARAMETER', /parameters: expected at most 64/],
    [() => read(asked({ outputs: Array(1e4).fill({ name: 'p3' }) })), 'INVALID_PARAMETER', /^outputs: expected a list of at most 256/],
    [() => read(asked({ outputs: [{ name: 'p'.repeat(257) }] })), 'INVALID_PARAMETER', /^outputs\.0\.name/],
    [() => read(asked({ outputs: [{ name: 'p3', parameters: { classification: 3 } }] })), 'INVALID_PARAMETER', /classification: is not supported/],
    [() => read(asked({ id: 7 })), 'INVALID_PARAMETER', /^id/],
    [() => read(asked({ parameters: 7 })), 'INVALID_PARAMETER', /^parameters/],
    [() => read(asked({ parameters: { score_treshold: 0.5 } })), 'INVALID_PARAMETER', /unknown parameter score_treshold.* score_threshold/],
    [() => read(asked({ parameters: { score_threshold: 2 } })), 'INVALID_PARAMETER', /^parameters\.score_threshold/],
    [() => read(`{"inputs": ${'['.repeat(1e6)}`), 'MALFORMED_REQUEST', /more than 64 deep/],
    [() => read(`{"inputs": [${'0,'.repeat(2 ** 21 + 1)}`), 'BODY_TOO_LARGE', /more than 2097152 values/]
  ]
  for (const [request, code, message] of wrong) t.throws(request, { code, message }, String(message))
})

t.test('a length of the JSON that is none is refused', async t => {
  for (const length of ['-1', '11', '1e1', '0x1', '', ' 4', '4, 4', '9'.repeat(400)]) {
    t.throws(() => readInferRequest(Buffer.from('{"inputs"}'), length), { code: 'INVALID_PARAMETER', message: /^Inference-Header-Content-Length: expected 0 to 10/ })
  }
})
