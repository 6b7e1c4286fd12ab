/**
 * PyTorch's checkpoints, read without running anything in them. Since 1.6 a file is a zip of `data.pkl` and one file a storage; before,
 * it is a row of pickles (magic number, protocol, system, the object, the names of the storages) with the storages after them.
 * Source: torch/serialization.py
 */
import { unzipSync } from 'fflate'
import { CheckpointError } from './errors.ts'
import { readPickle, type Constructors } from './pickle.ts'
import { float16 } from './float16.ts'
import type { Parameter } from './state-dict.ts'

const FORMAT = 'PyTorch'
const MAX_UNZIPPED = 2 ** 30
const LEGACY_MAGIC = Number(0x1950a86a20f9469cfc6cn)

/** How the numbers of a storage lie in its bytes. Integers are counters (num_batches_tracked), which nothing here needs the figures of. */
const STORAGES: Readonly<Record<string, { size: number, read: (bytes: Buffer, offset: number) => number }>> = {
  FloatStorage: { size: 4, read: (bytes, offset) => bytes.readFloatLE(offset) },
  DoubleStorage: { size: 8, read: (bytes, offset) => bytes.readDoubleLE(offset) },
  HalfStorage: { size: 2, read: (bytes, offset) => float16(bytes.readUInt16LE(offset)) },
  LongStorage: { size: 8, read: (bytes, offset) => Number(bytes.readBigInt64LE(offset)) },
  IntStorage: { size: 4, read: (bytes, offset) => bytes.readInt32LE(offset) }
}

/** A storage; its bytes are known once the whole file has been seen. */
class Storage {
  readonly type: string
  readonly key: string
  bytes: Buffer | undefined

  constructor (type: string, key: string) {
    this.type = type
    this.key = key
  }
}

/** A tensor of a checkpoint: a view on a storage. */
class View {
  readonly storage: Storage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  constructor ([storage, offset, shape, strides]: readonly unknown[]) {
    if (!(storage instanceof Storage)) throw new CheckpointError(FORMAT, 'a tensor has no storage')
    this.storage = storage
    this.offset = Number(offset)
    this.shape = shape as number[]
    this.strides = strides as number[]
  }
}

const CONSTRUCTORS: Constructors = {
  'collections OrderedDict': () => new Map(),
  'torch._utils _rebuild_tensor_v2': args => new View(args),
  'torch._utils _rebuild_parameter': ([tensor]) => tensor,
  ...Object.fromEntries(Object.keys(STORAGES).map(type => [`torch ${type}`, () => type]))
}

/**
 * The tensors of a checkpoint: of its `state_dict` where it has one, else of itself.
 * @throws CheckpointError where the file is none, is cut short, or wants anything that a state dict does not need
 */
export function readTorch (file: Buffer): Map<string, Parameter> {
  const object = file.readUInt16BE(0) === 0x504b ? readZip(file) : readLegacy(file)
  const dict = object instanceof Map && object.get('state_dict') instanceof Map ? object.get('state_dict') : object
  if (!(dict instanceof Map)) throw new CheckpointError(FORMAT, 'it holds no state dict')
  const tensors = [...dict].filter((entry): entry is [string, View] => entry[1] instanceof View)
  return new Map(tensors.map(([name, view]) => [name, toParameter(name, view)]))
}

type Storages = Map<string, Storage>

/** Remembers every storage that a pickle refers to: ('storage', type, key, device, size). */
function unpickle (bytes: Buffer, start: number, storages: Storages) {
  return readPickle(bytes, start, {
    constructors: CONSTRUCTORS,
    persistentLoad (id) {
      const [, type, key] = id as [string, { construct?: () => string }, string]
      const storage = storages.get(key) ?? new Storage(type.construct?.() ?? '', key)
      storages.set(key, storage)
      return storage
    }
  })
}

function readZip (file: Buffer): unknown {
  const entries = unzip(file)
  const pickle = Object.keys(entries).find(name => name.endsWith('/data.pkl'))
  if (pickle === undefined) throw new CheckpointError(FORMAT, 'the zip holds no data.pkl')
  const storages: Storages = new Map()
  const { value } = unpickle(Buffer.from(entries[pickle]!), 0, storages)
  for (const storage of storages.values()) {
    const bytes = entries[pickle.replace(/data\.pkl$/, `data/${storage.key}`)]
    if (bytes) storage.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  return value
}

/** A small zip can claim to hold anything: what it says is added up before it is unpacked. */
function unzip (file: Buffer): Record<string, Uint8Array> {
  let total = 0
  const filter = ({ originalSize }: { originalSize: number }): boolean => {
    total += originalSize
    if (total > MAX_UNZIPPED) throw new CheckpointError(FORMAT, `it unpacks to more than ${MAX_UNZIPPED / 2 ** 30} GiB`)
    return true
  }
  try {
    return unzipSync(file, { filter })
  } catch (error) {
    if (error instanceof CheckpointError) throw error
    throw new CheckpointError(FORMAT, `the zip is damaged or cut short: ${(error as Error).message}`)
  }
}

function readLegacy (file: Buffer): unknown {
  const storages: Storages = new Map()
  let position = 0
  const next = (): unknown => {
    const { value, end } = unpickle(file, position, storages)
    position = end
    return value
  }
  if (next() !== LEGACY_MAGIC) throw new CheckpointError(FORMAT, 'it does not begin with PyTorch\'s magic number')
  next() // protocol
  next() // the system it was written on
  const value = next()
  for (const key of next() as string[]) {
    if (position + 8 > file.length) throw new CheckpointError(FORMAT, 'it ends before its storages do')
    const count = Number(file.readBigInt64LE(position))
    const storage = storages.get(key)
    const end = position + 8 + count * (STORAGES[storage?.type ?? '']?.size ?? 0)
    if (storage) storage.bytes = file.subarray(position + 8, end)
    position = end
  }
  return value
}

/** The figures of a view, in the order of its shape. */
function toParameter (name: string, { storage, offset, shape, strides }: View): Parameter {
  const { size, read } = STORAGES[storage.type]!
  const count = shape.reduce((product, length) => product * length, 1)
  const last = offset + shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis]!, 0)
  const bytes = storage.bytes
  if (!bytes || count * size > bytes.length || (count > 0 && (last + 1) * size > bytes.length)) throw new CheckpointError(FORMAT, `the file ends before ${name}`)
  const place = (i: number): number => {
    let rest = i
    return shape.reduceRight((at, length, axis) => {
      const index = rest % length
      rest = Math.floor(rest / length)
      return at + index * strides[axis]!
    }, offset)
  }
  return { shape: [...shape], data: Float32Array.from({ length: count }, (_, i) => read(bytes, place(i) * size)) }
}
