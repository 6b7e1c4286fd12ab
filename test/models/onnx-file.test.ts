import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readOnnxFile, withExternalData } from '../../models/onnx-file.ts'
import { fromOnnx } from '../../nn/onnx/from-onnx.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import * as op from '../../nn/ops.ts'
import { floats, input } from '../../nn/tensor.ts'
import { withExternalWeights } from '../support/onnx-files.ts'

const small = toOnnx({ outputs: new Map([['y', op.mul(input('x', [2]), floats([2], Float32Array.of(1, 2), 'a'))]]) })
const modelIn = (location: string): Buffer => withExternalWeights(small, location).onnx
const { data } = withExternalWeights(small, 'small.data')

/** A folder inside another, so that there is something outside of it. */
async function folderIn (t: Test, files: Record<string, Buffer | string>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'onnx-'))
  t.teardown(() => rm(path, { recursive: true }))
  const folder = join(path, 'models')
  await mkdir(join(folder, 'deep'), { recursive: true })
  await writeFile(join(path, 'outside.data'), data)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

t.test('a file without other files comes as it is', async t => {
  const folder = await folderIn(t, { 'small.onnx': Buffer.from(small) })
  t.same(await readOnnxFile(join(folder, 'small.onnx')), Buffer.from(small))
  await t.rejects(readOnnxFile(join(folder, 'none.onnx')), { code: 'ENOENT' })
})

t.test('data beside the file, below it, and through links that stay inside', async t => {
  const folder = await folderIn(t, { 'a.onnx': modelIn('a.data'), 'a.data': data, 'b.onnx': modelIn('deep/b.data'), 'deep/b.data': data, 'c.onnx': modelIn('c.data') })
  await symlink('deep/b.data', join(folder, 'c.data'))
  for (const name of ['a', 'b', 'c']) {
    t.match(fromOnnx(await readOnnxFile(join(folder, `${name}.onnx`))).initializers.get('a'), { source: { data: Float32Array.of(1, 2) } }, name)
  }
})

t.test('data elsewhere is refused', async t => {
  const folder = await folderIn(t, {})
  await symlink('../outside.data', join(folder, 'link.data'))
  await symlink('..', join(folder, 'up'))
  for (const location of ['../outside.data', join(folder, '../outside.data'), 'deep/../../outside.data', '..\\outside.data', 'link.data', 'up/outside.data']) {
    await t.rejects(withExternalData(modelIn(location), join(folder, 'x.onnx')), {
      name: 'OnnxError', message: `not a usable ONNX model: its data is in ${location}, outside of the model's folder`
    })
  }
})

t.test('data that can\'t be read is named', async t => {
  const folder = await folderIn(t, { 'short.data': data.subarray(0, 5) })
  const refused = (location: string, message: string | RegExp, maxBytes?: number) =>
    t.rejects(withExternalData(modelIn(location), join(folder, 'x.onnx'), maxBytes), { name: 'OnnxError', message })
  await refused('none.data', /its data is in none\.data: no such file or directory$/)
  await refused('deep', /its data is in deep, which is not a regular file/)
  await refused('short.data', /short\.data has 5 bytes, but the model needs bytes up to 8/)
  await refused('short.data', /it has too much data in other files: more than 1 GiB/, 7)
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await refused('pipe', /its data is in pipe, which is not a regular file/)
  }
})

t.test('Git LFS pointers are named, also in place of the data', async t => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 8\n'
  const folder = await folderIn(t, { 'p.onnx': pointer, 'q.onnx': modelIn('q.data'), 'q.data': pointer })
  await t.rejects(readOnnxFile(join(folder, 'p.onnx')), { name: 'ModelFileError', message: /^p\.onnx: this is a Git LFS pointer.*git lfs pull/ })
  await t.rejects(readOnnxFile(join(folder, 'q.onnx')), { name: 'OnnxError', message: /q\.data: this is a Git LFS pointer/ })
})
