/**
 * Reads PyTorch checkpoints without executing anything in them. Since PyTorch 1.6, a file is a ZIP archive of `data.pkl`
 * and one file per storage. Before, it was a sequence of pickles (magic number, protocol, system, the object, the keys of
 * the storages) followed by the storages. Source: torch/serialization.py
 */
import { readPickle } from './pickle.ts'
import { Inert } from './pickle-machine.ts'
import type { Parameter, Tensors } from './state-dict.ts'
import { CONSTRUCTORS, parameterOf, Storage, TensorView, torchError } from './torch-tensor.ts'
import { ZipArchive, ZipError } from './zip.ts'

const ZIP = 0x504b
const LEGACY_MAGIC = Number(0x1950a86a20f9469cfc6cn)

/** Keys under which training scripts save a state dict. An average of the weights counts more than the weights. */
const WRAPPERS = [
  'state_dict_ema', 'ema_state_dict', 'model_ema', 'ema',
  'state_dict', 'model_state_dict', 'model_state', 'model', 'module', 'net', 'weights'
]
const DEEPEST_WRAPPER = 2
/** Tensors may share storages, but all of them together hold no more bytes than this many times the file. */
const MAX_SHARING = 8
const SAVE_STATE_DICT = 'load it in Python and save its state dict: torch.save(model.state_dict(), \'model.pth\')'

/**
 * The tensors of a checkpoint's state dict. Everything else in the checkpoint is passed over.
 * @throws CheckpointError if the file is not a checkpoint, is cut off, or holds a whole model as a Python object
 */
export function readTorch (file: Buffer): Tensors {
  const object = file.readUInt16BE(0) === ZIP ? readZip(file) : readLegacy(file)
  const dict = stateDictIn(object, DEEPEST_WRAPPER)
  if (dict instanceof Inert) {
    throw torchError(`it holds a whole model as a Python object (${dict.name}): ${SAVE_STATE_DICT}`)
  }
  if (dict === undefined) throw torchError('it holds no state dict: a dict of tensors by name')
  return tensorsOf(dict, MAX_SHARING * file.length)
}

type Dict = ReadonlyMap<unknown, unknown>

/** The dict of tensors in an object, or the placeholder of a model that was saved instead. */
function stateDictIn (object: unknown, depth: number): Dict | Inert | undefined {
  if (object instanceof Inert) return object
  if (!(object instanceof Map) || depth < 0) return undefined
  const found = WRAPPERS.map(key => stateDictIn(object.get(key), depth - 1))
  const dict = [...found, object].find(dict => dict instanceof Map && holdsTensors(dict))
  return dict ?? found.find(dict => dict !== undefined)
}

const holdsTensors = (dict: Dict): boolean => [...dict.values()].some(value => value instanceof TensorView)

function tensorsOf (dict: Dict, limit: number): Tensors {
  const parameters = new Map<string, Parameter>()
  const unreadable = new Map<string, string>()
  let bytes = 0
  for (const [key, value] of dict) {
    const name = nameOf(key)
    const type = value instanceof TensorView ? value.storage.type : undefined
    if (value instanceof TensorView && type) bytes += keep(parameters, name, parameterOf(name, value, type))
    else if (value instanceof TensorView) unreadable.set(name, value.storage.typeName)
    else if (value instanceof Inert) unreadable.set(name, value.name)
    if (bytes > limit) throw torchError(`its tensors hold more than ${MAX_SHARING} times the bytes of the file`)
  }
  return { parameters, ...(unreadable.size > 0 && { unreadable }) }
}

/** @returns how many bytes that takes */
function keep (parameters: Map<string, Parameter>, name: string, parameter: Parameter): number {
  parameters.set(name, parameter)
  return parameter.data.byteLength
}

/** A name as text. Other values are not converted: nested ones could take forever. */
const nameOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : typeof value

type Storages = Map<string, Storage>

/** Collects the storages that a pickle refers to, as ('storage', class, key, device, count). */
function unpickle (bytes: Buffer, start: number, storages: Storages) {
  return readPickle(bytes, start, {
    constructors: CONSTRUCTORS,
    persistentLoad (id) {
      const [kind, type, key] = Array.isArray(id) ? id as unknown[] : []
      const typeName = type instanceof Inert ? type.name : nameOf(type)
      if (kind !== 'storage') return new Inert(typeName) // the class of a module, with its source
      const name = nameOf(key)
      const storage = storages.get(name) ?? new Storage(typeName)
      storages.set(name, storage)
      return storage
    }
  })
}

function readZip (file: Buffer): unknown {
  try {
    return readArchive(new ZipArchive(file))
  } catch (error) {
    if (error instanceof ZipError) throw torchError(`ZIP archive: ${error.message}`)
    throw error
  }
}

function readArchive (archive: ZipArchive): unknown {
  const names = archive.names()
  if (names.some(isTorchScript)) {
    throw torchError('it is a TorchScript archive, which holds code. Save the state dict of the Python model ' +
      'instead (torch.save(model.state_dict(), \'model.pth\')), or export the model to ONNX')
  }
  const pickle = names.find(name => name.endsWith('/data.pkl'))
  if (pickle === undefined) throw torchError('the ZIP archive has no data.pkl, so torch.save did not write it')
  const storages: Storages = new Map()
  const { value } = unpickle(archive.read(pickle)!, 0, storages)
  for (const [key, storage] of storages) storage.bytes = archive.read(pickle.replace(/data\.pkl$/, `data/${key}`))
  return value
}

const isTorchScript = (name: string): boolean => /(^|\/)(constants\.pkl$|code\/)/.test(name)

function readLegacy (file: Buffer): unknown {
  const storages: Storages = new Map()
  let position = 0
  const next = (): unknown => {
    const { value, end } = unpickle(file, position, storages)
    position = end
    return value
  }
  if (next() !== LEGACY_MAGIC) {
    throw torchError('it is a pickle without PyTorch\'s magic number, so torch.save did not write it')
  }
  next() // protocol
  next() // the system it was written on
  const value = next()
  const keys = next()
  readStorages(file, position, Array.isArray(keys) ? keys.map(key => storages.get(nameOf(key))) : [])
  return value
}

/** Each storage is a count (int64), then so many numbers. */
function readStorages (file: Buffer, first: number, storages: ReadonlyArray<Storage | undefined>): void {
  let position = first
  for (const storage of storages) {
    if (!storage?.type) throw torchError(`it has a storage of the unknown type ${storage?.typeName}`)
    const start = position + 8
    const count = start > file.length ? 0 : Number(file.readBigUInt64LE(position))
    const end = start + count * storage.type.size
    if (end > file.length) throw torchError('the file ends before its storages do')
    storage.bytes = file.subarray(start, end)
    position = end
  }
}
