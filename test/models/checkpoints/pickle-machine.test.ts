import t from 'tap'
import { Inert, PickleMachine } from '../../../models/checkpoints/pickle-machine.ts'

const options = { constructors: { 'a known': (args: readonly unknown[]) => ({ args }) }, persistentLoad: (id: unknown) => ({ id }) }
const machine = (text = '') => new PickleMachine(Buffer.from(text, 'latin1'), 0, options)

t.test('known functions are called, all others become placeholders', async t => {
  const m = machine()
  m.global('a', 'known')
  m.call(m.pop(), [1])
  t.same(m.pop(), { args: [1] })
  m.global('os', 'system')
  t.same(m.top(), new Inert('os.system'))
  m.call(m.pop(), ['rm'])
  t.same(m.pop(), new Inert('os.system'))
  m.global('constructor', 'constructor')
  t.same(m.pop(), new Inert('constructor.constructor'))
})

t.test('an object is known by its class, not by the function that creates it', async t => {
  const m = machine()
  for (const [module, name] of [['copyreg', '_reconstructor'], ['copy_reg', '__newobj__']] as const) {
    m.global(module, name)
    m.call(m.pop(), [new Inert('a.Class'), null])
    t.same(m.pop(), new Inert('a.Class'))
    m.global(module, name)
    m.call(m.pop(), null)
    t.same(m.pop(), new Inert(`${module}.${name}`))
  }
})

t.test('counted bytes, lines, and the end of the file', async t => {
  const m = machine('\x02ab\x01\0\0\0c\x01\0\0\0\0\0\0\0dline\n\xff')
  t.same([m.takeCounted(1), m.takeCounted(4), m.takeCounted(8)].map(String), ['ab', 'c', 'd'])
  t.equal(m.line(), 'line')
  t.throws(() => m.takeCounted(1), { name: 'CheckpointError', message: /ends in the middle of it/ })
  t.throws(() => machine('\xff\xff\xff\xff\xff\xff\xff\xff').takeCounted(8), { message: /ends in the middle of it/ })
  t.throws(() => machine('abc').line(), { message: /middle of a line/ })
})

t.test('misuse is an error', async t => {
  t.throws(() => machine().pop(), { message: /empty stack/ })
  t.throws(() => machine().popMark(), { message: /a mark is missing/ })
  t.throws(() => machine().call(1, []), { message: /not a function/ })
  const m = machine()
  m.global('a', 'known')
  t.throws(() => m.call(m.pop(), 1), { message: /not a function/ })
})

t.test('the memo numbers values by itself unless they have a number', async t => {
  const m = machine()
  m.push('x')
  m.store()
  m.push('y')
  m.store()
  m.store(9)
  for (const key of [0, 1, 9]) m.recall(key)
  t.same([m.pop(), m.pop(), m.pop()], ['y', 'y', 'x'])
})

t.test('memory and time are limited', async t => {
  const m = machine()
  t.throws(() => { for (;;) m.global('collections', 'Counter') }, { message: /far more objects than a checkpoint/ })
  t.throws(() => { for (let key = 0; ; key++) m.store(key) }, { message: /far more objects/ })
})
