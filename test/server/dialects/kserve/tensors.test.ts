import t from 'tap'
import { CHUNK_BYTES, inChunks } from '../../../../engine/chunks.ts'
import {
  bytesOfValues, decodeElements, flatValues, jsonPieces, objectTensors, type OutputTensor
} from '../../../../server/dialects/kserve/tensors.ts'

const objects = [
  { label: 'person', classId: 0, score: 0.8, box: [1.5, 2, 3, 4.25] as const }, { label: 'Schlüssel', classId: 79, score: 0.5, box: [0, 0, 1, 1] as const }
]
const valuesOf = (tensor: OutputTensor): unknown[] => JSON.parse(`[${[...jsonPieces(tensor)].join()}]`)
const tensor = (bytes: Uint8Array): OutputTensor => ({ name: 'x', datatype: 'FP32', shape: [], body: inChunks(bytes) })

t.test('objects as tensors', async t => {
  const tensors = objectTensors(objects)
  t.same(tensors.map(({ name, datatype, shape }) => `${name} ${datatype} ${shape}`), ['boxes FP32 2,4', 'scores FP32 2', 'class_ids INT64 2', 'labels BYTES 2'])
  t.same(tensors.map(valuesOf), [[1.5, 2, 3, 4.25, 0, 0, 1, 1], [Math.fround(0.8), 0.5], [0, 79], ['person', 'Schlüssel']])
  t.same(tensors.map(({ body }) => Buffer.concat(body).length), [32, 8, 16, 4 + 6 + 4 + 10])
})

t.test('no objects are tensors without values', async t => {
  const tensors = objectTensors([])
  t.same(tensors.map(({ shape }) => shape), [[0, 4], [0], [0], [0]])
  t.same(tensors.map(valuesOf), [[], [], [], []])
})

t.test('many values are written in pieces, wherever chunks begin in memory', async t => {
  const values = Float32Array.from({ length: CHUNK_BYTES / 4 + 3 }, (_, i) => i / 7)
  const shifted = Buffer.concat([Buffer.from('?'), Buffer.from(values.buffer)]).subarray(1)
  t.equal([...jsonPieces(tensor(shifted))].length, 17)
  t.same(Float32Array.from(valuesOf(tensor(shifted)) as number[]), values, 'to the bit')
  t.same(valuesOf(tensor(new Uint8Array(Float32Array.of(NaN, Infinity, 1).buffer))), [null, null, 1])
})

t.test('elements are as long as they say', async t => {
  t.same(decodeElements(Buffer.from('\x02\0\0\0ab\0\0\0\0\x01\0\0\0c'), 3, 'x').map(String), ['ab', '', 'c'])
  t.same(decodeElements(new Uint8Array(), 0, 'x'), [])
  for (const bytes of ['', '\x03\0\0\0ab', '\xff\xff\xff\xffab', 'ab']) {
    t.throws(() => decodeElements(Buffer.from(bytes, 'latin1'), 1, 'x'), { code: 'INVALID_PARAMETER', message: /^x: element 0 is longer/ })
  }
  t.throws(() => decodeElements(Buffer.alloc(20 * 2 ** 20), 1, 'x'), { code: 'INVALID_PARAMETER', message: 'x: 20971516 bytes follow the last of 1 elements' })
})

t.test('JSON data is nested or flat', async t => {
  t.same(flatValues([1, 2, 3], 3, 'x'), [1, 2, 3])
  t.same(flatValues([[[1], [2]], [[3], [4]]], 3, 'x'), [1, 2, 3, 4])
  t.throws(() => flatValues([[1]], 1, 'x'), { code: 'INVALID_PARAMETER', message: /nested deeper/ })
  t.throws(() => flatValues([[1], 2], 2, 'x'), { code: 'INVALID_PARAMETER', message: 'x: data: expected a list' })
  t.throws(() => flatValues('abc', 1, 'x'), { code: 'INVALID_PARAMETER', message: 'x: data: expected a list' })
})

t.test('bytes are whole numbers to 255', async t => {
  t.same(bytesOfValues([0, 255, 7], 'x'), Uint8Array.of(0, 255, 7))
  for (const wrong of [256, -1, 1.5, '1', null, undefined, NaN]) {
    t.throws(() => bytesOfValues([0, wrong], 'x'), { code: 'INVALID_PARAMETER', message: 'x: data: value 1 is not a whole number from 0 to 255' })
  }
})
