/** Tensors as PyTorch pickles them: views on storages. Source: torch/_utils.py, torch/serialization.py */
import { CheckpointError } from './errors.ts'
import { ELEMENT_TYPES, toFloats, viewOf, type ElementType } from './element-types.ts'
import { Inert, type Construct, type Constructors } from './pickle-machine.ts'
import type { Parameter } from './state-dict.ts'

export const torchError = (problem: string): CheckpointError => new CheckpointError('PyTorch', problem)

/** Largest number of axes that PyTorch's tensors have. */
const MAX_RANK = 64
const STORAGE_TYPES: Readonly<Record<string, ElementType>> = {
  'torch.DoubleStorage': ELEMENT_TYPES.F64,
  'torch.FloatStorage': ELEMENT_TYPES.F32,
  'torch.HalfStorage': ELEMENT_TYPES.F16,
  'torch.BFloat16Storage': ELEMENT_TYPES.BF16,
  'torch.LongStorage': ELEMENT_TYPES.I64,
  'torch.IntStorage': ELEMENT_TYPES.I32,
  'torch.ShortStorage': ELEMENT_TYPES.I16,
  'torch.CharStorage': ELEMENT_TYPES.I8,
  'torch.ByteStorage': ELEMENT_TYPES.U8,
  'torch.BoolStorage': ELEMENT_TYPES.BOOL
}

/** A storage. Its bytes are known after the whole file has been read. */
export class Storage {
  /** The class, `torch.FloatStorage`. */
  readonly typeName: string
  /** Undefined if numbers of this type can't be read. */
  readonly type: ElementType | undefined
  bytes: Buffer | undefined

  constructor (typeName: string) {
    this.typeName = typeName
    this.type = Object.hasOwn(STORAGE_TYPES, typeName) ? STORAGE_TYPES[typeName] : undefined
  }
}

/** A tensor: a view on a storage. */
export class TensorView {
  readonly storage: Storage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  private constructor (storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }

  /** @throws CheckpointError if the arguments are not those of a tensor */
  static from ([storage, offset, shape, strides]: readonly unknown[]): TensorView {
    const isView = storage instanceof Storage && isIndex(offset) && isIndices(shape) && isIndices(strides)
    if (!isView || shape.length !== strides.length) throw torchError('a tensor has no valid storage, shape or strides')
    return new TensorView(storage, offset, shape, strides)
  }

  get count (): number { return this.shape.reduce((product, length) => product * length, 1) }
}

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && value as number >= 0
const isIndices = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MAX_RANK && value.every(isIndex)

const rebuildTensor: Construct = args => TensorView.from(args)
const rebuildParameter: Construct = ([tensor]) => tensor

/** Calls a function for a tensor of a subclass, as parameters with attributes are. */
function rebuildFromType ([func, , args]: readonly unknown[]): unknown {
  const { construct } = (func ?? {}) as { construct?: Construct }
  const isTensor = construct === rebuildTensor || construct === rebuildParameter
  return isTensor && Array.isArray(args) ? construct(args) : new Inert('torch._tensor._rebuild_from_type_v2')
}

/** Pairs of an OrderedDict, which Python 2 gives as an argument. */
function orderedDict ([pairs]: readonly unknown[]): Map<unknown, unknown> {
  const isPairs = Array.isArray(pairs) && pairs.every(pair => Array.isArray(pair))
  return new Map(isPairs ? pairs as Array<[unknown, unknown]> : [])
}

/** Everything that a state dict is made of. */
export const CONSTRUCTORS: Constructors = {
  'collections OrderedDict': orderedDict,
  'torch._utils _rebuild_tensor_v2': rebuildTensor,
  'torch._utils _rebuild_parameter': rebuildParameter,
  'torch._tensor _rebuild_from_type_v2': rebuildFromType
}

/**
 * The numbers of a view, in the order of its shape.
 * @throws CheckpointError if they lie outside the storage
 */
export function parameterOf (name: string, view: TensorView, type: ElementType): Parameter {
  const { storage: { bytes }, offset, shape, strides, count } = view
  const last = offset + shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis]!, 0)
  const end = count === 0 ? 0 : (last + 1) * type.size
  if (!bytes || count * type.size > bytes.length || end > bytes.length) throw torchError(`the file ends before ${name}`)
  const data = isContiguous(view) ? toFloats(type, bytes, offset * type.size, count) : gathered(view, bytes, type)
  return { shape: [...shape], data }
}

function isContiguous ({ shape, strides }: TensorView): boolean {
  let expected = 1
  return shape.reduceRight((sound, length, axis) => {
    const fits = length === 1 || strides[axis] === expected
    expected *= length
    return sound && fits
  }, true)
}

function gathered (view: TensorView, bytes: Uint8Array, { size, read }: ElementType): Float32Array {
  const { offset, shape, strides, count } = view
  const numbers = viewOf(bytes)
  const place = (i: number): number => {
    let rest = i
    return shape.reduceRight((at, length, axis) => {
      const index = rest % length
      rest = Math.floor(rest / length)
      return at + index * strides[axis]!
    }, offset)
  }
  return Float32Array.from({ length: count }, (_, i) => read(numbers, place(i) * size))
}
