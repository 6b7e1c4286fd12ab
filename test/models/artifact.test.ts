import t from 'tap'
import { builtInArtifacts, notesOn, precisionOf, precisionsOf } from '../../models/artifact.ts'
import { REGISTRY } from '../../models/registry.ts'

t.test('models with weights from the build are built in', async t => {
  t.same(builtInArtifacts().map(({ name }) => name), [...REGISTRY.values()].filter(({ weights }) => weights).map(({ name }) => name))
})

t.test('models run in the requested precision if they have a calibration table', async t => {
  const [float, int8] = [builtInArtifacts()[0]!, builtInArtifacts('int8')[0]!]
  t.same([precisionOf(float), precisionOf(int8), precisionOf(undefined)], ['fp32', 'int8', 'fp32'])
  t.match(float, { calibration: int8.calibration! })
  t.match(int8, { calibration: /nanodet-m-416\.calibration\.json$/ })
  const without = { ...int8, calibration: undefined }
  t.equal(precisionOf(without), 'fp32')
  t.same([precisionsOf(float), precisionsOf(without), precisionsOf({})], [['fp32', 'int8'], ['fp32'], ['fp32']])
})

t.test('notes tell guesses, and that weights have seven bits', async t => {
  const [float, int8] = [builtInArtifacts()[0]!, builtInArtifacts('int8')[0]!]
  t.same([notesOn(float, 7), notesOn(int8, 8)], [[], []])
  t.match(notesOn({ ...int8, notes: ['Guessed.'] }, 7), ['Guessed.', /seven bits in int8/])
  t.same(notesOn({ ...int8, calibration: undefined, notes: ['Guessed.'] }, 7), ['Guessed.'])
})
