import t from 'tap'
import { gflHead } from '../../head/gfl-head.ts'
import { convModule, groupNormConvModule } from '../../nn/blocks/conv-module.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { maxDifference, run } from '../support/run.ts'
import { seededFloats, seededWeights } from '../support/seeded.ts'

const [IN, FEAT, CLASSES, REG_MAX] = [4, 64, 3, 2]
const options = { numClasses: CLASSES, regMax: REG_MAX, featChannels: FEAT, stackedConvs: 2, convModule: groupNormConvModule }
const sizes: Array<[height: number, width: number]> = [[4, 6], [2, 3]]
const levels = sizes.map(([height, width], i) => ({ tensor: input(`p${3 + i}`, [1, IN, height, width]), stride: 8 * 2 ** i }))

/** Planes of `height` rows of numbers, one a channel. */
type Map = number[][][]

function conv3x3 (name: string, x: Map, out: number, bias?: Float32Array): Map {
  const weight = seededWeights.get(`${name}.weight`, [out, x.length, 3, 3])
  const at = (c: number, row: number, column: number): number => x[c]![row]?.[column] ?? 0
  const value = (o: number, row: number, column: number): number => {
    let sum = bias?.[o] ?? 0
    for (let c = 0; c < x.length; c++) {
      for (let k = 0; k < 9; k++) sum += weight[(o * x.length + c) * 9 + k]! * at(c, row + Math.floor(k / 3) - 1, column + k % 3 - 1)
    }
    return sum
  }
  return Array.from({ length: out }, (_, o) => x[0]!.map((line, row) => line.map((_, column) => value(o, row, column))))
}

/** Group norm over 32 groups, then ReLU. */
function normRelu (name: string, x: Map): Map {
  const [weight, bias] = ['weight', 'bias'].map(key => seededWeights.get(`${name}.${key}`, [x.length]))
  const size = x.length / 32
  return x.map((plane, c) => {
    const first = Math.floor(c / size) * size
    const group = x.slice(first, first + size).flat(2)
    const mean = group.reduce((sum, value) => sum + value, 0) / group.length
    const deviation = Math.sqrt(group.reduce((sum, value) => sum + (value - mean) ** 2, 0) / group.length + 1e-5)
    return plane.map(line => line.map(value => Math.max((value - mean) / deviation * weight![c]! + bias![c]!, 0)))
  })
}

function branch (tower: string, prediction: string, out: number, x: Map): Map {
  for (const i of [0, 1]) x = normRelu(`${tower}.${i}.gn`, conv3x3(`${tower}.${i}.conv`, x, FEAT))
  return conv3x3(prediction, x, out, seededWeights.get(`${prediction}.bias`, [out]))
}

const imageOf = ([height, width]: [number, number], i: number) =>
  ({ dims: [1, IN, height, width], data: seededFloats(`p${3 + i}`, IN * height * width, u => 4 * u - 2) })

function mapOf ({ dims, data }: ReturnType<typeof imageOf>): Map {
  const [, channels, height, width] = dims as [number, number, number, number]
  return Array.from({ length: channels }, (_, c) => Array.from({ length: height }, (_, row) =>
    [...data.slice((c * height + row) * width, (c * height + row + 1) * width)]))
}

/** What the head is to give: point by point, classes before distances. */
const expected = sizes.flatMap((size, i) => {
  const x = mapOf(imageOf(size, i))
  const scale = seededWeights.get(`scales.${i}.scale`, [])[0]!
  const distances = branch('reg_convs', 'gfl_reg', 4 * (REG_MAX + 1), x).map(plane => plane.map(line => line.map(value => value * scale)))
  const values = [...branch('cls_convs', 'gfl_cls', CLASSES, x), ...distances].map(plane => plane.flat())
  return values[0]!.flatMap((_, point) => values.map(plane => plane[point]!))
})

t.test('equals the same sums in plain JavaScript', async t => {
  const feeds = Object.fromEntries(sizes.map((size, i) => [`p${3 + i}`, imageOf(size, i)]))
  const { y } = await run({ y: gflHead(options)(levels, Scope.root(seededWeights)) }, feeds)
  t.same(y!.dims, [1, 24 + 6, CLASSES + 4 * (REG_MAX + 1)])
  t.ok(maxDifference(y!.data, expected) < 1e-4)
})

t.test('levels share all but their scales, and have values of their own', async t => {
  const scope = Scope.root(seededWeights)
  gflHead({ ...options, stackedConvs: 1 })(levels, scope)
  const tower = (name: string) => ['conv.weight', 'gn.weight', 'gn.bias'].map(key => `${name}.0.${key}`)
  t.same([...scope.params.keys()], [
    ...tower('cls_convs'), 'gfl_cls.weight', 'gfl_cls.bias', ...tower('reg_convs'), 'gfl_reg.weight', 'gfl_reg.bias',
    'scales.0.scale', 'scales.1.scale'
  ])
  t.same([...scope.taps.keys()].filter(name => name.startsWith('gfl_cls')), ['gfl_cls@p3', 'gfl_cls@p4'])
  t.same([...scope.aliases.keys()], ['pred3', 'pred4'])
})

t.test('with batch norms, which a checkpoint may have folded', async t => {
  const scope = Scope.root({ ...seededWeights, folded: true })
  const { shape } = gflHead({ ...options, convModule })(levels, scope)
  t.same(shape, [1, 30, 15])
  t.ok(scope.params.has('reg_convs.1.conv.bias'))
  t.notOk([...scope.params.keys()].some(name => /bn|gn/.test(name)))
})
