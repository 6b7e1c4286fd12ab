import t from 'tap'
import { readPickle } from '../../../models/checkpoints/pickle.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { global, pickle, reduce, textOf } from '../../support/torch-file.ts'

const options = { constructors: {}, persistentLoad: (id: unknown) => ({ id }) }
const read = (bytes: string | Buffer) => readPickle(typeof bytes === 'string' ? pickle(Buffer.from(bytes, 'latin1')) : bytes, 0, options).value

t.test('one pickle after the other', async t => {
  const bytes = Buffer.concat([pickle(Buffer.from('K\x01')), pickle(Buffer.from('K\x02'))])
  const { value, end } = readPickle(bytes, 0, options)
  t.same([value, readPickle(bytes, end, options)], [1, { value: 2, end: bytes.length }])
})

t.test('nothing is executed', async t => {
  for (const [module, name] of [['os', 'system'], ['builtins', 'eval'], ['posix', 'system'], ['torch.hub', 'load']] as const) {
    t.match(read(pickle(reduce(global(module, name), textOf('exit 1')))), { name: `${module}.${name}` })
  }
})

t.test('unknown opcodes are refused, as are those that need a buffer from outside', async t => {
  t.throws(() => read('\xfe'), { name: 'CheckpointError', message: /opcode 0xfe is not one of protocols 2 to 5/ })
  t.throws(() => read('\x97'), { message: /opcode 0x97/ })
  t.throws(() => read(pickle()), { message: /empty stack/ })
})

t.test('hostile pickles end with an error, fast and in little memory', async t => {
  const hostile: Record<string, string> = {
    'a value many times': 'N' + '2'.repeat(2 ** 23),
    'many dicts': '}'.repeat(2 ** 20),
    'deep nesting': ']'.repeat(2 ** 20) + 'a'.repeat(2 ** 20),
    'a memo of many entries': ']' + '\x94'.repeat(2 ** 20),
    'lists that double each time': ']q\x00' + ('](' + 'h\x00'.repeat(1000) + 'eq\x00').repeat(1000),
    'a long integer': '\x8b\xff\xff\xff\x7f',
    'a long text': '\x8d' + '\xff'.repeat(8),
    'many marks': '('.repeat(2 ** 23)
  }
  for (const [name, bytes] of Object.entries(hostile)) {
    const spent = cpuClock()
    const before = process.memoryUsage().rss
    if (name.startsWith('lists')) t.ok(read(bytes), name)
    else t.throws(() => read(bytes), { name: 'CheckpointError' }, name)
    t.ok(spent() < 8000, `${name}: time`)
    t.ok(process.memoryUsage().rss - before < 2 ** 29, `${name}: memory`)
  }
})

t.test('names of classes are short texts', async t => {
  const name = '\x8c\x01x\x93'
  const hostile = [']'.repeat(2 ** 17) + 'a'.repeat(2 ** 17 - 1), `N${'2\x86'.repeat(40)}`, `X\xe9\x03\0\0${'a'.repeat(1001)}`, '(']
  for (const value of hostile) t.throws(() => read(`${value}${name}`), { name: 'CheckpointError', message: /names a class by something other than a short text/ })
})
