import t from 'tap'
import { isGitLfsPointer } from '../../models/git-lfs.ts'

t.test('a pointer is recognized by its first line', async t => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n'
  t.ok(isGitLfsPointer(Buffer.from(pointer)))
  t.notOk(isGitLfsPointer(Buffer.from('version https://')))
  t.notOk(isGitLfsPointer(Buffer.from('version: 1\nmodel: x, https://git-lfs.github.com/spec/')))
  t.notOk(isGitLfsPointer(Buffer.alloc(100)))
})
