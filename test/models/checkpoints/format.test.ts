import t from 'tap'
import { formatOf } from '../../../models/checkpoints/format.ts'
import { writeSafetensors } from '../../../models/checkpoints/safetensors.ts'
import { legacyFile, zipFile } from '../../support/torch-file.ts'

t.test('the first bytes tell the format', async t => {
  t.equal(formatOf(zipFile({})), 'torch')
  t.equal(formatOf(legacyFile({})), 'torch')
  t.equal(formatOf(Buffer.from(writeSafetensors(new Map()))), 'safetensors')
  t.equal(formatOf(Buffer.concat([Buffer.of(8, 0, 0, 0, 0, 0, 0, 0), Buffer.from('{}      ')])), 'safetensors', 'the same first byte as ONNX')
  t.equal(formatOf(Buffer.concat([Buffer.of(8, 8, 18, 7), Buffer.from('pytorch and more')])), 'onnx')
})

t.test('files of something else are named', async t => {
  const refused = (file: string | Buffer, message: RegExp) => t.throws(() => formatOf(Buffer.from(file)), { name: 'CheckpointError', message })
  refused('version https://git-lfs.github.com/spec/v1\noid sha256:00\n', /^this is a Git LFS pointer.*run git lfs pull$/)
  refused('<!DOCTYPE html><html>', /^this is a web page or XML/)
  refused(Buffer.concat([Buffer.of(0x1f, 0x8b), Buffer.alloc(20)]), /^this is a gzip archive: unpack it first/)
  refused(Buffer.from('\x89HDF\r\n\x1a\n            ', 'latin1'), /^this is an HDF5 file/)
  refused('7767517\n75 83\nInput            data', /^this is an ncnn network/)
  refused('just some text in a file', /^not a readable checkpoint: this is not a PyTorch, safetensors or ONNX file$/)
  refused('short', /^not a readable checkpoint: the file has only 5 bytes$/)
})
