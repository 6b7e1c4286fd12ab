import t from 'tap'
import { decodeText } from '../../../models/files/decode-text.ts'

t.test('UTF-8, with or without a byte order mark', async t => {
  t.equal(decodeText(Buffer.from('größe: 1'), 'mine'), 'größe: 1')
  t.equal(decodeText(Buffer.from('\ufeffgröße: 1'), 'mine'), 'größe: 1')
  t.equal(decodeText(Buffer.alloc(0), 'mine'), '')
})

t.test('other encodings are refused by name', async t => {
  const refused = (bytes: Buffer, message: RegExp) => t.throws(() => decodeText(bytes, 'mine'), { name: 'ModelFileError', message })
  refused(Buffer.from('\ufeffa: 1', 'utf16le'), /^mine: the file is in UTF-16: save it as UTF-8$/)
  refused(Buffer.from('\ufeffa: 1', 'utf16le').swap16(), /^mine: the file is in UTF-16: /)
  refused(Buffer.from('a: 1', 'utf16le'), /^mine: the file is in UTF-16, or not text: /)
  refused(Buffer.of(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), /^mine: the file is in UTF-32: /)
  refused(Buffer.of(0, 0, 0xfe, 0xff, 0, 0, 0, 0x61), /^mine: the file is in UTF-32: /)
  refused(Buffer.from('a: 1\nclass_names: [Stra\xdfe]\nb: 2', 'latin1'), /^mine: the file is in another encoding than UTF-8 \(perhaps Latin-1; see line 2\): save it/)
  refused(Buffer.from('a: \xe9', 'latin1'), /see line 1\)/)
})

t.test('a Git LFS pointer is named', async t => {
  t.throws(() => decodeText(Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'mine'), { message: /^mine: this is a Git LFS pointer.*run git lfs pull$/ })
})
