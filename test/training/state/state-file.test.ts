import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeSafetensors } from '../../../models/checkpoints/safetensors.ts'
import { readState, writeState } from '../../../training/state/state-file.ts'

const folder = t.testdir()
const fingerprint = { seed: '1', model: 'a' }
const path = join(folder, 'run.state')
const saved = { position: { epoch: 3, score: 0.1 + 0.2 }, arrays: new Map([['values', Float32Array.of(1, Math.fround(0.1))], ['average', Float32Array.of(3)]]) }

t.test('a state is read as it was written, to the bit', async t => {
  t.equal(await readState(path, fingerprint), undefined, 'before there is one')
  await writeState(path, fingerprint, saved)
  t.same(await readState(path, fingerprint), saved)
  await writeState(path, fingerprint, { ...saved, position: { epoch: 4, score: 1 } })
  t.match(await readState(path, fingerprint), { position: { epoch: 4 } })
  t.same(readdirSync(folder), ['run.state'])
})

t.test('the state of another run is refused, with what differs', async t => {
  await t.rejects(readState(path, { ...fingerprint, seed: '2' }), { code: 'OTHER_RUN', message: /with another seed: start anew/ })
  await t.rejects(readState(path, { seed: '2', model: 'b' }), { message: /with another seed and model: / })
})

t.test('other files are refused', async t => {
  const refused = async (name: string, bytes: Uint8Array, message: RegExp) => {
    writeFileSync(join(folder, name), bytes)
    await t.rejects(readState(join(folder, name), fingerprint), { code: 'UNREADABLE_STATE', message }, name)
  }
  await refused('text', Buffer.from('this is a text, and no state'), /can't be resumed from: not a readable safetensors/)
  await refused('weights', writeSafetensors(new Map()), /it is not the state of a run/)
  const damaged = readFileSync(path)
  damaged[damaged.length - 1]! ^= 1
  await refused('damaged', damaged, /can't be resumed from: the file is damaged/)
  await refused('cut', damaged.subarray(0, -1), /can't be resumed from: /)
  mkdirSync(join(folder, 'folder'))
  await t.rejects(readState(join(folder, 'folder'), fingerprint), { code: 'UNREADABLE_STATE', message: /can't read the state/ })
})

t.test('a state that can\'t be written leaves the old one, and nothing else', async t => {
  const folder = t.testdir({ run: {} }) // a folder is in the way
  await t.rejects(writeState(join(folder, 'run'), fingerprint, saved), { code: 'UNWRITABLE_STATE', message: /can't write the state of the run: .*run: / })
  t.same(readdirSync(folder), ['run'])
  await t.rejects(writeState(join(folder, 'none', 'run'), fingerprint, saved), { code: 'UNWRITABLE_STATE', message: /no such file/ })
})
