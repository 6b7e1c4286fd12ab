import t from 'tap'
import { REGISTRY } from '../../models/registry.ts'
import { builtInArtifacts, precisionOf, readModel } from '../../models/artifact.ts'

t.test('built in is what the build has made weights for', async t => {
  t.same(builtInArtifacts().map(({ name }) => name), [...REGISTRY.values()].filter(({ weights }) => weights).map(({ name }) => name))
})

t.test('weights are read into memory that threads share', async t => {
  const [source] = builtInArtifacts()
  const { config, stateDict: { folded, parameters } } = await readModel(source!)
  t.equal(config, source!.config)
  t.ok(folded)
  t.ok([...parameters.values()].every(({ data }) => data.buffer instanceof SharedArrayBuffer))
})

t.test('a file that is not there, or not the model\'s, is named', async t => {
  const [source] = builtInArtifacts()
  await t.rejects(readModel({ ...source!, checkpoint: '/nowhere/a.ckpt' }), { name: 'ModelFileError', message: 'a.ckpt: no such file or directory' })
  await t.rejects(readModel({ ...source!, config: REGISTRY.get('nanodet-plus-m-416')! }), { message: /^nanodet-m-416\.safetensors: .*reduce_layers/ })
})

t.test('in int8, models that have ranges are read with them', async t => {
  const [float, int8] = [builtInArtifacts()[0]!, builtInArtifacts('int8')[0]!]
  t.same([precisionOf(float), precisionOf(int8), precisionOf(undefined)], ['fp32', 'int8', 'fp32'])
  t.notOk((await readModel(float)).ranges)
  t.ok(Object.keys((await readModel(int8)).ranges!).length > 50)
  await t.rejects(readModel({ ...float, ranges: '/nowhere/a.json' }), { name: 'ModelFileError', message: 'a.json: no such file or directory' })
})
