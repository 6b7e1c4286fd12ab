/** Writes checkpoints as PyTorch does, opcode by opcode, for tests to read. */
import { zipSync } from 'fflate'

export interface TorchTensor {
  shape: number[]
  data: Float32Array | Uint16Array | BigInt64Array
  strides?: number[]
  offset?: number
  /** Class of the storage: torch.FloatStorage unless given. */
  storage?: string
}
type Tensors = Record<string, TorchTensor>

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([Buffer.from('X'), length, bytes]) // BINUNICODE
}
const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return Buffer.concat([Buffer.from('J'), bytes]) // BININT
}
const tuple = (...items: Buffer[]): Buffer => Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]) // MARK … TUPLE
export const global = (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`) // GLOBAL
export const reduce = (callable: Buffer, ...args: Buffer[]): Buffer => Buffer.concat([callable, tuple(...args), Buffer.from('R')]) // REDUCE
export const pickle = (...parts: Buffer[]): Buffer => Buffer.concat([Buffer.of(0x80, 2), ...parts, Buffer.from('.')]) // PROTO 2 … STOP
export const textOf = text
export const intOf = int

const contiguous = (shape: number[]): number[] => shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))

function tensorParts ({ shape, data, strides = contiguous(shape), offset = 0, storage: type = 'FloatStorage' }: TorchTensor, key: string): Buffer {
  const storage = Buffer.concat([tuple(text('storage'), global('torch', type), text(key), text('cpu'), int(data.length)), Buffer.from('Q')])
  return reduce(global('torch._utils', '_rebuild_tensor_v2'),
    storage, int(offset), tuple(...shape.map(int)), tuple(...strides.map(int)), Buffer.of(0x89), reduce(global('collections', 'OrderedDict')))
}

export const dictOf = (items: Record<string, Buffer>): Buffer =>
  Buffer.concat([Buffer.from('}('), ...Object.entries(items).flatMap(([key, value]) => [text(key), value]), Buffer.from('u')]) // MARK … SETITEMS

/** An OrderedDict of tensors. */
export function stateDict (tensors: Tensors): Buffer {
  const items = Object.entries(tensors).map(([name, tensor], i) => Buffer.concat([text(name), tensorParts(tensor, String(i))]))
  return Buffer.concat([reduce(global('collections', 'OrderedDict')), Buffer.from('('), ...items, Buffer.from('u')])
}

/** What stands around a state dict in a checkpoint: `{'epoch': 3, 'state_dict': …}` unless given. */
export type Wrap = (stateDict: Buffer) => Buffer
const wrapped: Wrap = dict => dictOf({ epoch: int(3), state_dict: dict })

const bytesOf = ({ data }: Pick<TorchTensor, 'data'>): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)

/** The format since PyTorch 1.6. */
export const zipFile = (tensors: Tensors, wrap: Wrap = wrapped): Buffer => zipOf(pickle(wrap(stateDict(tensors))), Object.values(tensors))

/** A pickle and the storages that it refers to, not compressed unless given. */
export function zipOf (dataPkl: Buffer, storages: ReadonlyArray<Pick<TorchTensor, 'data'>>, level: 0 | 6 = 0): Buffer {
  const files = storages.map((storage, i) => [`model/data/${i}`, new Uint8Array(bytesOf(storage))])
  return Buffer.from(zipSync({ 'model/data.pkl': new Uint8Array(dataPkl), ...Object.fromEntries(files) }, { level }))
}

/** The format before that. */
export function legacyFile (tensors: Tensors, wrap: Wrap = wrapped): Buffer {
  const magic = Buffer.concat([Buffer.of(0x8a, 10), Buffer.from('1950a86a20f9469cfc6c', 'hex').reverse()]) // LONG1
  const keys = Object.keys(tensors).map((_, i) => text(String(i)))
  const storages = Object.values(tensors).map(tensor => {
    const count = Buffer.alloc(8)
    count.writeBigInt64LE(BigInt(tensor.data.length))
    return Buffer.concat([count, bytesOf(tensor)])
  })
  const list = Buffer.concat([Buffer.from(']('), ...keys, Buffer.from('e')]) // EMPTY_LIST MARK … APPENDS
  return Buffer.concat([pickle(magic), pickle(int(1001)), pickle(Buffer.from('}')), pickle(wrap(stateDict(tensors))), pickle(list), ...storages])
}
