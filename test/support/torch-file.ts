/** Writes checkpoints as PyTorch does, opcode by opcode, for tests to read. */
import { zipSync } from 'fflate'

export interface TorchTensor { shape: number[], data: Float32Array, strides?: number[], offset?: number }
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

const contiguous = (shape: number[]): number[] => shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))

function tensorParts ({ shape, data, strides = contiguous(shape), offset = 0 }: TorchTensor, key: string): Buffer {
  const storage = Buffer.concat([tuple(text('storage'), global('torch', 'FloatStorage'), text(key), text('cpu'), int(data.length)), Buffer.from('Q')])
  return reduce(global('torch._utils', '_rebuild_tensor_v2'),
    storage, int(offset), tuple(...shape.map(int)), tuple(...strides.map(int)), Buffer.of(0x89), reduce(global('collections', 'OrderedDict')))
}

/** `{'epoch': 3, 'state_dict': OrderedDict of the tensors}` */
const checkpoint = (tensors: Tensors): Buffer => {
  const items = Object.entries(tensors).map(([name, tensor], i) => Buffer.concat([text(name), tensorParts(tensor, String(i))]))
  const dict = Buffer.concat([reduce(global('collections', 'OrderedDict')), Buffer.from('('), ...items, Buffer.from('u')]) // MARK … SETITEMS
  return pickle(Buffer.concat([Buffer.from('}('), text('epoch'), int(3), text('state_dict'), dict, Buffer.from('u')]))
}

const bytesOf = ({ data }: TorchTensor): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)

/** The format since PyTorch 1.6. */
export function zipFile (tensors: Tensors): Buffer {
  const storages = Object.values(tensors).map((tensor, i) => [`model/data/${i}`, new Uint8Array(bytesOf(tensor))])
  return Buffer.from(zipSync({ 'model/data.pkl': new Uint8Array(checkpoint(tensors)), ...Object.fromEntries(storages) }, { level: 0 }))
}

/** The format before that. */
export function legacyFile (tensors: Tensors): Buffer {
  const magic = Buffer.concat([Buffer.of(0x8a, 10), Buffer.from('1950a86a20f9469cfc6c', 'hex').reverse()]) // LONG1
  const keys = Object.keys(tensors).map((_, i) => text(String(i)))
  const storages = Object.values(tensors).map(tensor => {
    const count = Buffer.alloc(8)
    count.writeBigInt64LE(BigInt(tensor.data.length))
    return Buffer.concat([count, bytesOf(tensor)])
  })
  const list = Buffer.concat([Buffer.from(']('), ...keys, Buffer.from('e')]) // EMPTY_LIST MARK … APPENDS
  return Buffer.concat([pickle(magic), pickle(int(1001)), pickle(Buffer.from('}')), checkpoint(tensors), pickle(list), ...storages])
}
