import t from 'tap'
import { differencesOf, fingerprintOf } from '../../../training/state/fingerprint.ts'
import { tinySpec, TINY_SETTINGS } from '../../support/tiny-training.ts'

const spec = tinySpec([{ path: 'a.jpg', objects: [] }, { path: 'b.jpg', objects: [] }], 1)
const fingerprint = fingerprintOf(spec, TINY_SETTINGS)
const differences = (changes: object, settings: object = {}) =>
  differencesOf(fingerprint, fingerprintOf({ ...spec, ...changes }, { ...TINY_SETTINGS, ...settings }))

t.test('the same run has the same fingerprint, with any number of workers', async t => {
  t.same(differences({}, { workers: 7 }), [])
})

t.test('what differs has a name', async t => {
  t.same(differences({ seed: 2 }), ['seed'])
  t.same(differences({ examples: [{ path: 'a.jpg', objects: [{ box: [0, 0, 1, 1], label: 0 }] }] }), ['training set'])
  t.same(differences({ labelSmoothing: 0.1 }), ['label smoothing'])
  t.same(differences({}, { learningRate: 1, epochs: 3 }), ['number of epochs', 'learning rate'])
  const [[name, { shape, data }]] = [...spec.initial.parameters] as [[string, { shape: readonly number[], data: Float32Array }]]
  const parameters = new Map([...spec.initial.parameters, [name, { shape, data: data.map(value => value + 1) }]])
  t.same(differences({ initial: { ...spec.initial, parameters } }), ['initial weights'])
})
