/**
 * A pickle machine that only knows what a state dict is made of. Nothing is ever executed: a name is looked up in a table of what may be
 * built, and any other is an error that names it. Opcodes: https://docs.python.org/3/library/pickletools.html
 */
import { CheckpointError } from './errors.ts'

/** What a pickle may build, by `module name`: from the arguments of a call to a value. */
export type Constructors = Readonly<Record<string, (args: readonly unknown[]) => unknown>>

/** A callable that a pickle names. */
interface Global { readonly construct: (args: readonly unknown[]) => unknown }

export interface PickleOptions {
  readonly constructors: Constructors
  /** What a persistent id (PyTorch: a storage) stands for. */
  readonly persistentLoad: (id: unknown) => unknown
}

const MARK = Symbol('mark')

/** Reads one pickle. @returns its value (dicts are Maps, tuples and lists arrays) and where the next one begins */
export function readPickle (bytes: Buffer, start: number, options: PickleOptions): { value: unknown, end: number } {
  const machine = new Machine(bytes, start, options)
  return { value: machine.run(), end: machine.position }
}

class Machine {
  readonly #bytes: Buffer
  readonly #options: PickleOptions
  readonly #stack: unknown[] = []
  readonly #memo = new Map<number, unknown>()
  position: number

  constructor (bytes: Buffer, start: number, options: PickleOptions) {
    this.#bytes = bytes
    this.#options = options
    this.position = start
  }

  run (): unknown {
    for (;;) {
      const code = this.take(1).readUInt8()
      if (code === STOP) return this.#stack.pop()
      const operation = OPERATIONS[code]
      if (!operation) throw new CheckpointError('pickle', `opcode 0x${code.toString(16)} is not one that a state dict needs`)
      operation(this)
    }
  }

  /** Reads the next bytes. */
  take (length: number): Buffer {
    const from = this.position
    if (from + length > this.#bytes.length) throw new CheckpointError('pickle', 'it ends too early')
    this.position += length
    return this.#bytes.subarray(from, this.position)
  }

  line (): string {
    const end = this.#bytes.indexOf('\n', this.position)
    if (end < 0) throw new CheckpointError('pickle', 'it ends in the middle of a line')
    return this.take(end + 1 - this.position).toString('utf8').slice(0, -1)
  }

  push (value: unknown): void { this.#stack.push(value) }

  pop (): unknown {
    if (this.#stack.length === 0) throw new CheckpointError('pickle', 'it takes more from its stack than it has put there')
    return this.#stack.pop()
  }

  top (): unknown { return this.#stack.at(-1) }

  /** Everything above the last mark. */
  popMark (): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK)
    if (mark < 0) throw new CheckpointError('pickle', 'it looks for a mark that it has not set')
    return this.#stack.splice(mark).slice(1)
  }

  store (key: number): void { this.#memo.set(key, this.top()) }

  recall (key: number): void { this.push(this.#memo.get(key)) }

  global (module: string, name: string): void {
    const { constructors } = this.#options
    const construct = Object.hasOwn(constructors, `${module} ${name}`) && constructors[`${module} ${name}`]
    if (!construct) throw new CheckpointError('pickle', `it wants to use ${module}.${name}, which no state dict needs`)
    this.push({ construct } satisfies Global)
  }

  reduce (): void {
    const args = this.pop() as unknown[]
    const callable = this.pop() as Partial<Global> | undefined
    if (typeof callable?.construct !== 'function' || !Array.isArray(args)) {
      throw new CheckpointError('pickle', 'it calls what is no function')
    }
    this.push(callable.construct(args))
  }

  persistent (): void { this.push(this.#options.persistentLoad(this.pop())) }
}

const STOP = 0x2e

function setItems (machine: Machine, items: readonly unknown[]): void {
  const dict = machine.top()
  if (!(dict instanceof Map)) throw new CheckpointError('pickle', 'it sets an item of what is no dict')
  for (let i = 0; i + 1 < items.length; i += 2) dict.set(items[i], items[i + 1])
}

function append (machine: Machine, items: readonly unknown[]): void {
  const list = machine.top()
  if (!Array.isArray(list)) throw new CheckpointError('pickle', 'it appends to what is no list')
  list.push(...items)
}

/** `n` values as a tuple, in the order they were pushed. */
const tuple = (machine: Machine, n: number): void => machine.push(Array.from({ length: n }, () => machine.pop()).reverse())

const text = (machine: Machine, length: number): void => machine.push(machine.take(length).toString('utf8'))

/** LONG1: little-endian, two's complement. */
function long (machine: Machine): void {
  const bytes = machine.take(machine.take(1).readUInt8())
  machine.push(bytes.length === 0 ? 0 : Number(BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`))))
}

/** Drops what an object is told of itself: an OrderedDict's `_metadata` means nothing here. */
function build (machine: Machine): void { machine.pop() }

const OPERATIONS: Readonly<Record<number, (machine: Machine) => void>> = {
  0x80: m => { m.take(1) }, // PROTO
  0x63: m => m.global(m.line(), m.line()), // GLOBAL
  0x93: m => { const name = m.pop(); m.global(String(m.pop()), String(name)) }, // STACK_GLOBAL
  0x95: m => { m.take(8) }, // FRAME
  0x71: m => m.store(m.take(1).readUInt8()), // BINPUT
  0x72: m => m.store(m.take(4).readUInt32LE()), // LONG_BINPUT
  0x68: m => m.recall(m.take(1).readUInt8()), // BINGET
  0x6a: m => m.recall(m.take(4).readUInt32LE()), // LONG_BINGET
  0x28: m => m.push(MARK), // MARK
  0x58: m => text(m, m.take(4).readUInt32LE()), // BINUNICODE
  0x8c: m => text(m, m.take(1).readUInt8()), // SHORT_BINUNICODE
  0x4a: m => m.push(m.take(4).readInt32LE()), // BININT
  0x4b: m => m.push(m.take(1).readUInt8()), // BININT1
  0x4d: m => m.push(m.take(2).readUInt16LE()), // BININT2
  0x8a: long, // LONG1
  0x47: m => m.push(m.take(8).readDoubleBE()), // BINFLOAT
  0x4e: m => m.push(null), // NONE
  0x88: m => m.push(true), // NEWTRUE
  0x89: m => m.push(false), // NEWFALSE
  0x29: m => m.push([]), // EMPTY_TUPLE
  0x5d: m => m.push([]), // EMPTY_LIST
  0x7d: m => m.push(new Map()), // EMPTY_DICT
  0x74: m => m.push(m.popMark()), // TUPLE
  0x85: m => tuple(m, 1), // TUPLE1
  0x86: m => tuple(m, 2), // TUPLE2
  0x87: m => tuple(m, 3), // TUPLE3
  0x61: m => { const item = m.pop(); append(m, [item]) }, // APPEND
  0x65: m => append(m, m.popMark()), // APPENDS
  0x73: m => { const value = m.pop(); const key = m.pop(); setItems(m, [key, value]) }, // SETITEM
  0x75: m => setItems(m, m.popMark()), // SETITEMS
  0x52: m => m.reduce(), // REDUCE
  0x62: build, // BUILD
  0x51: m => m.persistent() // BINPERSID
}
