import t from 'tap'
import { REGISTRY } from '../../models/registry.ts'
import { builtInSources, readModel } from '../../models/source.ts'

t.test('built in is what the build has made weights for', async t => {
  t.same(builtInSources().map(({ name }) => name), [...REGISTRY.values()].filter(({ weights }) => weights).map(({ name }) => name))
})

t.test('weights are read into memory that threads share', async t => {
  const [source] = builtInSources()
  const { config, stateDict: { folded, parameters } } = await readModel(source!)
  t.equal(config, source!.config)
  t.ok(folded)
  t.ok([...parameters.values()].every(({ data }) => data.buffer instanceof SharedArrayBuffer))
})

t.test('a file that is not there, or not the model\'s, is named', async t => {
  const [source] = builtInSources()
  await t.rejects(readModel({ ...source!, checkpoint: '/nowhere/a.ckpt' }), { name: 'ModelFileError', message: 'a.ckpt: no such file or directory' })
  await t.rejects(readModel({ ...source!, config: REGISTRY.get('nanodet-plus-m-416')! }), { message: /^nanodet-m-416\.safetensors: .*reduce_layers/ })
})
