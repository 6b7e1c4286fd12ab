import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { alignChannels } from '../../../nn/passes/align-channels.ts'
import { floats, input, scalar, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers, operators, sameValues } from '../../support/passes.ts'

const conv = (name: string, x: Tensor, out = 24): Tensor =>
  op.conv(x, floats([out, x.channels, 1, 1], numbers(name, out * x.channels)), floats([out], numbers(`${name}.bias`, out)))
const depthwise = (name: string, x: Tensor): Tensor =>
  op.conv(x, floats([x.channels, 1, 3, 3], numbers(name, 9 * x.channels)), undefined, { groups: x.channels, padding: 1 })
const channels = (x: Tensor): number[] => op.split(x, [x.channels / 2, x.channels / 2]).map(half => half.channels)

/** ShuffleNetV2's unit: half of the channels pass, half are computed anew, then both are shuffled. */
function unit (name: string, x: Tensor): Tensor {
  const [left, right] = op.split(x, [x.channels / 2, x.channels / 2]) as [Tensor, Tensor]
  const branch = op.leakyRelu(conv(`${name}.2`, depthwise(`${name}.1`, op.leakyRelu(conv(`${name}.0`, right, right.channels), 0.1)), right.channels), 0.1)
  return op.channelShuffle(op.concat([left, branch]), 2)
}

t.test('shuffles and splits are gone, with every value what it was', async t => {
  const start = op.relu(conv('start', IMAGE, 116))
  const stage = ['a', 'b', 'c', 'd', 'e', 'f'].reduce((x, name) => unit(name, x), start)
  const ops = await sameValues(t, alignChannels, { y: conv('end', stage, 16) })
  t.notOk(ops.some(name => ['Gather', 'Split'].includes(name)))
})

t.test('an output inside has its own channels in their own order', async t => {
  const start = op.relu(conv('start', IMAGE, 20))
  const middle = unit('a', start)
  const half = op.split(middle, [10, 10])[1]!
  await sameValues(t, alignChannels, { y: conv('end', unit('b', middle)), start, middle, half, image: IMAGE })
})

t.test('convolutions between convolutions have whole blocks of channels', async t => {
  const y = conv('b', op.maxPool(op.batchNorm(conv('a', IMAGE), ...statistics(24)), 3, 2, 1), 20)
  await sameValues(t, alignChannels, { y })
  const { outputs, names } = alignChannels({ outputs: new Map([['y', y]]), names: new Map([['b', y]]) })
  t.same(outputs.get('y')!.shape, y.shape)
  t.equal(names!.get('b'), outputs.get('y'))
  t.same(operators(outputs.values()), ['Conv', 'BatchNormalization', 'MaxPool', 'Conv'])
})

t.test('names of maps in pieces are numbered', async t => {
  const start = conv('start', IMAGE, 64)
  const { names } = alignChannels({ outputs: new Map([['y', conv('end', unit('a', start))]]), names: new Map([['start', start]]) })
  t.same([...names!.keys()], ['start#0', 'start#1'])
  t.same(channels(names!.get('start#0')!), [16, 16])
})

t.test('sums meet in one order', async t => {
  const [a, b] = [conv('a', IMAGE), conv('b', IMAGE)] as const
  const shuffled = op.channelShuffle(a, 2)
  await sameValues(t, alignChannels, {
    same: conv('c', op.add(a, b)),
    other: conv('d', op.add(shuffled, b)),
    scaled: conv('e', op.mul(op.sub(shuffled, floats([1, 24, 1, 1], numbers('mean', 24))), scalar(2))),
    gated: conv('f', op.mul(shuffled, op.sigmoid(conv('g', op.globalPool(shuffled)))))
  })
})

t.test('the order of an image\'s channels goes into the kernel', async t => {
  const swapped = op.gather(IMAGE, [2, 1, 0, 3, 4, 5, 6, 7], 1)
  t.same(await sameValues(t, alignChannels, { y: conv('a', op.sub(swapped, floats([1, 8, 1, 1], numbers('mean', 8)))) }), ['Sub', 'Conv'])
})

t.test('what is not known is left as it is, and gets channels as they were', async t => {
  const grouped = op.conv(op.channelShuffle(conv('a', IMAGE), 2), floats([24, 8, 1, 1], numbers('groups', 192)), undefined, { groups: 3 })
  const [left, right] = op.split(op.channelShuffle(grouped, 3), [20, 4]) as [Tensor, Tensor]
  await sameValues(t, alignChannels, { y: conv('b', left), z: op.flatten(right, 2, 3), mean: op.globalMean(op.relu(conv('c', right))) })
})

t.test('a channel taken twice', async t => {
  const x = conv('a', IMAGE)
  await sameValues(t, alignChannels, { y: conv('b', op.concat([x, x])) })
})

t.test('sizes known by name', async t => {
  const y = conv('end', unit('a', conv('start', input('x', ['N', 8, 'H', 'W']))))
  t.same(alignChannels({ outputs: new Map([['y', y]]) }).outputs.get('y')!.shape, ['N', 24, 'H', 'W'])
})

function statistics (size: number): [Tensor, Tensor, Tensor, Tensor] {
  const [weight, bias, mean, variance] = ['weight', 'bias', 'mean', 'variance'].map(name => floats([size], numbers(name, size).map(Math.abs)))
  return [weight!, bias!, mean!, variance!]
}
