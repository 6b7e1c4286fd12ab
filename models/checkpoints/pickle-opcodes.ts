/** The opcodes of pickle protocols 2 to 5. https://github.com/python/cpython/blob/main/Lib/pickletools.py */
import { Inert, OBJECT_COST, pickleError, type PickleMachine } from './pickle-machine.ts'

type Operation = (machine: PickleMachine) => void

/** Longest integer that is read, in bytes: random number generators have longer ones, which no tensor needs. */
const LONGEST_INTEGER = 64

function setItems (machine: PickleMachine, items: readonly unknown[]): void {
  const dict = machine.top()
  if (dict instanceof Inert) return
  if (!(dict instanceof Map)) throw pickleError('it sets an item of a value that is not a dict')
  for (let i = 0; i + 1 < items.length; i += 2) dict.set(items[i], items[i + 1])
}

function append (machine: PickleMachine, items: readonly unknown[]): void {
  const list = machine.top()
  if (list instanceof Inert) return
  if (!Array.isArray(list)) throw pickleError('it appends to a value that is not a list')
  for (const item of items) list.push(item)
}

function addItems (machine: PickleMachine, items: readonly unknown[]): void {
  const set = machine.top()
  if (set instanceof Inert) return
  if (!(set instanceof Set)) throw pickleError('it adds to a value that is not a set')
  for (const item of items) set.add(item)
}

/** Pushes a new object. */
function create (machine: PickleMachine, object: unknown): void {
  machine.spend(OBJECT_COST)
  machine.push(object)
}

/** `n` values as a tuple, in the order they were pushed. */
const tuple = (machine: PickleMachine, n: number): void =>
  create(machine, Array.from({ length: n }, () => machine.pop()).reverse())

/** Little-endian, two's complement. */
function long (machine: PickleMachine, bytes: Buffer): void {
  if (bytes.length > LONGEST_INTEGER) return machine.push(new Inert('int'))
  const hex = Buffer.from(bytes).reverse().toString('hex')
  machine.push(bytes.length === 0 ? 0 : Number(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`))))
}

function stackGlobal (machine: PickleMachine): void {
  const name = machine.pop()
  machine.global(machine.pop(), name)
}

/** REDUCE and NEWOBJ: a callable or a class, and its arguments. */
function call (machine: PickleMachine): void {
  machine.spend(OBJECT_COST)
  const args = machine.pop()
  machine.call(machine.pop(), args)
}

const drop: Operation = machine => { machine.pop() }

const text = (machine: PickleMachine, width: 1 | 4 | 8): void =>
  machine.push(machine.takeCounted(width).toString('utf8'))

/** Bytes are state of other objects, never of tensors: their contents are dropped. */
function skipBytes (machine: PickleMachine, width: 1 | 4 | 8): void {
  machine.takeCounted(width)
  machine.push(new Inert('bytes'))
}

export const STOP = 0x2e

export const OPERATIONS: Readonly<Record<number, Operation>> = {
  0x80: m => { m.take(1) }, // PROTO
  0x95: m => { m.take(8) }, // FRAME
  0x30: drop, // POP
  0x31: m => { m.popMark() }, // POP_MARK
  0x32: m => m.push(m.top()), // DUP
  0x28: m => m.mark(), // MARK

  0x63: m => m.global(m.line(), m.line()), // GLOBAL
  0x93: stackGlobal, // STACK_GLOBAL
  0x52: call, // REDUCE
  0x81: call, // NEWOBJ
  0x92: m => { m.pop(); call(m) }, // NEWOBJ_EX: keyword arguments are dropped
  0x62: drop, // BUILD: an object's state is dropped, for example an OrderedDict's _metadata
  0x51: m => m.persistent(), // BINPERSID

  0x71: m => m.store(m.take(1).readUInt8()), // BINPUT
  0x72: m => m.store(m.take(4).readUInt32LE()), // LONG_BINPUT
  0x94: m => m.store(), // MEMOIZE
  0x68: m => m.recall(m.take(1).readUInt8()), // BINGET
  0x6a: m => m.recall(m.take(4).readUInt32LE()), // LONG_BINGET

  0x4e: m => m.push(null), // NONE
  0x88: m => m.push(true), // NEWTRUE
  0x89: m => m.push(false), // NEWFALSE
  0x4a: m => m.push(m.take(4).readInt32LE()), // BININT
  0x4b: m => m.push(m.take(1).readUInt8()), // BININT1
  0x4d: m => m.push(m.take(2).readUInt16LE()), // BININT2
  0x8a: m => long(m, m.takeCounted(1)), // LONG1
  0x8b: m => long(m, m.takeCounted(4)), // LONG4
  0x47: m => m.push(m.take(8).readDoubleBE()), // BINFLOAT
  0x8c: m => text(m, 1), // SHORT_BINUNICODE
  0x58: m => text(m, 4), // BINUNICODE
  0x8d: m => text(m, 8), // BINUNICODE8
  0x55: m => text(m, 1), // SHORT_BINSTRING, as Python 2 writes texts
  0x54: m => text(m, 4), // BINSTRING
  0x43: m => skipBytes(m, 1), // SHORT_BINBYTES
  0x42: m => skipBytes(m, 4), // BINBYTES
  0x8e: m => skipBytes(m, 8), // BINBYTES8
  0x96: m => skipBytes(m, 8), // BYTEARRAY8

  0x29: m => create(m, []), // EMPTY_TUPLE
  0x85: m => tuple(m, 1), // TUPLE1
  0x86: m => tuple(m, 2), // TUPLE2
  0x87: m => tuple(m, 3), // TUPLE3
  0x74: m => create(m, m.popMark()), // TUPLE
  0x5d: m => create(m, []), // EMPTY_LIST
  0x61: m => { const item = m.pop(); append(m, [item]) }, // APPEND
  0x65: m => append(m, m.popMark()), // APPENDS
  0x7d: m => create(m, new Map()), // EMPTY_DICT
  0x73: m => { const value = m.pop(); const key = m.pop(); setItems(m, [key, value]) }, // SETITEM
  0x75: m => setItems(m, m.popMark()), // SETITEMS
  0x8f: m => create(m, new Set()), // EMPTY_SET
  0x90: m => addItems(m, m.popMark()), // ADDITEMS
  0x91: m => create(m, new Set(m.popMark())) // FROZENSET
}
