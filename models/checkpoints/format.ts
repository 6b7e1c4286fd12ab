import { GIT_LFS_PROBLEM, isGitLfsPointer } from '../git-lfs.ts'
import { CheckpointError } from './errors.ts'
import { isSafetensors } from './safetensors.ts'

/** Formats that checkpoints are read in. */
export type CheckpointFormat = 'torch' | 'safetensors' | 'onnx'

const SHORTEST = 16
const ONNX = 0x08
/** A ZIP archive, or a pickle of protocol 2 or later. */
const TORCH = [Buffer.of(0x50, 0x4b), Buffer.of(0x80)]
/** First bytes of files that people mistake for checkpoints. */
const LOOK_ALIKES: ReadonlyArray<readonly [first: Buffer, problem: string]> = [
  [Buffer.from('<'), 'this is a web page or XML, not a checkpoint: the download failed or saved a confirmation page'],
  [Buffer.of(0x1f, 0x8b), 'this is a gzip archive: unpack it first'],
  [Buffer.from('\x89HDF', 'latin1'), 'this is an HDF5 file (Keras), not a PyTorch, safetensors or ONNX checkpoint'],
  [Buffer.from('7767517'), 'this is an ncnn network: use the PyTorch checkpoint that it was made from']
]
const UNKNOWN = 'not a readable checkpoint: this is not a PyTorch, safetensors or ONNX file'

const problem = (text: string): CheckpointError => new CheckpointError(undefined, text)

const startsWith = (file: Buffer, first: Buffer): boolean => first.equals(file.subarray(0, first.length))

/**
 * The format of a checkpoint, by its first bytes.
 * @throws CheckpointError that describes the file if it is not a checkpoint
 */
export function formatOf (file: Buffer): CheckpointFormat {
  if (isGitLfsPointer(file)) throw problem(GIT_LFS_PROBLEM)
  if (file.length < SHORTEST) throw problem(`not a readable checkpoint: the file has only ${file.length} bytes`)
  if (TORCH.some(first => startsWith(file, first))) return 'torch'
  if (isSafetensors(file)) return 'safetensors' // may begin with the same byte as ONNX
  if (file[0] === ONNX) return 'onnx'
  throw problem(LOOK_ALIKES.find(([first]) => startsWith(file, first))?.[1] ?? UNKNOWN)
}
