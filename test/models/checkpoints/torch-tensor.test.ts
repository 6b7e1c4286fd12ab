import t from 'tap'
import { ELEMENT_TYPES } from '../../../models/checkpoints/element-types.ts'
import { CONSTRUCTORS, parameterOf, Storage, TensorView } from '../../../models/checkpoints/torch-tensor.ts'

const storage = new Storage('torch.FloatStorage')
storage.bytes = Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)
const read = (offset: number, shape: number[], strides: number[], of = storage) =>
  parameterOf('x', TensorView.from([of, offset, shape, strides]), ELEMENT_TYPES.F32)

t.test('views: contiguous, transposed, parts, scalars, empty', async t => {
  t.same(read(0, [2, 3], [3, 1]), { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) })
  t.same(read(0, [3, 2], [1, 3]).data, Float32Array.of(1, 4, 2, 5, 3, 6))
  t.same(read(3, [2], [1]).data, Float32Array.of(4, 5))
  t.same(read(1, [2, 1, 1], [1, 7, 9]).data, Float32Array.of(2, 3), 'strides of axes of length 1 have no meaning')
  t.same(read(5, [], []).data, Float32Array.of(6))
  t.same(read(0, [0, 4], [4, 1]).data, new Float32Array())
})

t.test('views beyond the storage are refused', async t => {
  for (const [offset, shape, strides] of [[0, [7], [1]], [5, [2], [1]], [0, [2, 2], [5, 1]], [0, [1e6, 1e6], [0, 0]]] as const) {
    t.throws(() => read(offset, [...shape], [...strides]), { name: 'CheckpointError', message: /the file ends before x/ })
  }
  t.throws(() => read(0, [1], [1], new Storage('torch.FloatStorage')), { message: /the file ends before x/ })
})

t.test('views of other things are refused', async t => {
  for (const args of [['no storage', 0, [1], [1]], [storage, -1, [1], [1]], [storage, 0, 1, [1]], [storage, 0, [-1], [1]], [storage, 0, [1], []], []]) {
    t.throws(() => TensorView.from(args), { message: /no valid storage, shape or strides/ })
  }
})

t.test('storages of types that are not known', async t => {
  t.equal(new Storage('torch.BFloat16Storage').type, ELEMENT_TYPES.BF16)
  t.equal(new Storage('torch.ComplexFloatStorage').type, undefined)
  t.equal(new Storage('constructor').type, undefined)
})

t.test('what state dicts are made of', async t => {
  const view = [storage, 0, [6], [1]]
  const rebuild = { construct: CONSTRUCTORS['torch._utils _rebuild_tensor_v2']! }
  const fromType = CONSTRUCTORS['torch._tensor _rebuild_from_type_v2']!
  t.match(fromType([rebuild, 'Parameter', view, {}]), { shape: [6] })
  t.match(fromType([null, 'Parameter', view, {}]), { name: 'torch._tensor._rebuild_from_type_v2' })
  t.match(fromType([rebuild, 'Parameter']), { name: 'torch._tensor._rebuild_from_type_v2' })
  t.same(CONSTRUCTORS['collections OrderedDict']!([[['a', 1]]]), new Map([['a', 1]]))
  t.same(CONSTRUCTORS['collections OrderedDict']!([['a', 1]]), new Map())
  t.equal(CONSTRUCTORS['torch._utils _rebuild_parameter']!([1, true]), 1)
})
