import { CheckpointError } from './errors.ts'

/** Builds a value from the arguments of a call. */
export type Construct = (args: readonly unknown[]) => unknown

/** Functions that a pickle may call, by `module name`. All others become placeholders. */
export type Constructors = Readonly<Record<string, Construct>>

export interface PickleOptions {
  readonly constructors: Constructors
  /** Resolves a persistent id. In PyTorch it refers to a storage. */
  readonly persistentLoad: (id: unknown) => unknown
}

/** Placeholder for a class, a function or an object that is not built. It absorbs whatever a pickle does to it. */
export class Inert {
  /** What it stands for, `collections.Counter`. */
  readonly name: string

  constructor (name: string) { this.name = name }
}

/** A function that a pickle names and that may be called. */
class Global {
  readonly construct: Construct

  constructor (construct: Construct) { this.construct = construct }
}

const MARK = Symbol('mark')

/** Limits the memory and the time that a pickle takes. Published checkpoints spend about 100 000. */
const BUDGET = 2 ** 22
/** Longest name of a class or function, in characters: names are compared, and copied for it. */
const LONGEST_NAME = 1000
/** Cost of a list, dict or placeholder, which take far more memory than a number. */
export const OBJECT_COST = 8

/**
 * The stack machine of a pickle: reader, stack and memo. It executes nothing: only known constructors are called, and all
 * other calls give placeholders.
 */
export class PickleMachine {
  readonly #bytes: Buffer
  readonly #options: PickleOptions
  readonly #stack: unknown[] = []
  readonly #memo = new Map<number, unknown>()
  #budget = BUDGET
  position: number

  constructor (bytes: Buffer, start: number, options: PickleOptions) {
    this.#bytes = bytes
    this.#options = options
    this.position = start
  }

  /** @throws CheckpointError if the pickle has used up its budget */
  spend (cost: number): void {
    this.#budget -= cost
    if (this.#budget < 0) throw pickleError('it builds far more objects than a checkpoint does')
  }

  /** Reads the next bytes. */
  take (length: number): Buffer {
    const from = this.position
    if (length > this.#bytes.length - from) throw pickleError('the file ends in the middle of it')
    this.position += length
    return this.#bytes.subarray(from, this.position)
  }

  /** Reads bytes whose length comes first, as an unsigned integer of `width` bytes. */
  takeCounted (width: 1 | 4 | 8): Buffer {
    const bytes = this.take(width)
    return this.take(width === 8 ? Number(bytes.readBigUInt64LE()) : bytes.readUIntLE(0, width))
  }

  /** Reads up to the next line feed. */
  line (): string {
    const end = this.#bytes.indexOf('\n', this.position)
    if (end < 0) throw pickleError('the file ends in the middle of a line')
    return this.take(end + 1 - this.position).toString('utf8').slice(0, -1)
  }

  push (value: unknown): void { this.#stack.push(value) }

  mark (): void { this.push(MARK) }

  pop (): unknown {
    if (this.#stack.length === 0) throw pickleError('it takes a value from an empty stack')
    return this.#stack.pop()
  }

  top (): unknown { return this.#stack.at(-1) }

  /** Removes and returns everything above the last mark. */
  popMark (): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK)
    if (mark < 0) throw pickleError('a mark is missing')
    return this.#stack.splice(mark).slice(1)
  }

  /** Stores the top of the stack, under the next free key unless one is given. */
  store (key = this.#memo.size): void {
    this.spend(OBJECT_COST)
    this.#memo.set(key, this.top())
  }

  recall (key: number): void { this.push(this.#memo.get(key)) }

  global (module: unknown, name: unknown): void {
    this.spend(OBJECT_COST)
    if (!isName(module) || !isName(name)) throw pickleError('it names a class by something other than a short text')
    const { constructors } = this.#options
    const key = `${module} ${name}`
    this.push(Object.hasOwn(constructors, key) ? new Global(constructors[key]!) : new Inert(`${module}.${name}`))
  }

  /** Calls a function with a tuple of arguments, or creates a placeholder for what it would return. */
  call (callable: unknown, args: unknown): void {
    if (callable instanceof Inert) return this.push(new Inert(nameOf(callable, args)))
    if (!(callable instanceof Global) || !Array.isArray(args)) throw pickleError('it calls a value that is not a function')
    this.spend(lengthOf(args))
    this.push(callable.construct(args))
  }

  persistent (): void { this.push(this.#options.persistentLoad(this.pop())) }
}

const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME

/** Values that a call may go through: its arguments, and the items of those that are lists. */
const lengthOf = (args: readonly unknown[]): number =>
  args.reduce<number>((sum, arg) => sum + (Array.isArray(arg) ? arg.length : 0), args.length)

/** Functions that create an object of the class that is their first argument. */
const RECONSTRUCTORS = /^copy_?reg\.(_reconstructor|__newobj(_ex)?__)$/

const nameOf = ({ name }: Inert, args: unknown): string =>
  RECONSTRUCTORS.test(name) && Array.isArray(args) && args[0] instanceof Inert ? args[0].name : name

export const pickleError = (problem: string): CheckpointError => new CheckpointError('pickle', problem)
