import t from 'tap'
import { decodeName, toPath } from '../../../bulk/sources/file-name.ts'

t.test('names that are UTF-8 stay as they are', async t => {
  for (const name of ['a.jpg', 'Blåbær 😀/日本.png', '\ufffd.jpg', '']) {
    t.equal(decodeName(Buffer.from(name)), name)
    t.equal(toPath(name), name)
  }
})

t.test('other bytes are kept as lone surrogates, as Python does', async t => {
  const cases: Array<[number[], string]> = [
    [[0x61, 0xff, 0x2e], 'a\udcff.'],
    [[0xe9, 0x2e, 0x6a], '\udce9.j'], // é in Latin-1
    [[0xe2, 0x82], '\udce2\udc82'], // a character that is cut off
    [[0xc0, 0x80], '\udcc0\udc80'], // too long a form of NUL
    [[0xed, 0xb3, 0xbf], '\udced\udcb3\udcbf'], // a surrogate in UTF-8
    [[0xf0, 0x9f, 0x98, 0x80, 0xf8], '😀\udcf8']
  ]
  for (const [bytes, name] of cases) {
    t.equal(decodeName(Uint8Array.from(bytes)), name)
    t.same(toPath(name), Buffer.from(bytes))
    t.equal(JSON.parse(JSON.stringify(name)), name)
  }
})

t.test('a lone surrogate that stands for no byte is replaced', async t => t.same(toPath('\ud800'), Buffer.from('\ufffd')))
