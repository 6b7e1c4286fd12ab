import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findModels, stem } from '../../../models/files/model-files.ts'
import { cpuClock } from '../../support/cpu-time.ts'

const DESCRIPTION = '{"task": "detect"}'
const namesIn = async (path: string) => [...(await findModels(path)).models.keys()].sort()

t.test('files of one name form a model, whatever the case of their extensions', async t => {
  const path = t.testdir({ 'a.yml': '', 'a.ckpt': '', 'a.calibration.json': '{}', 'B.ONNX': '', '.hidden.onnx': '' })
  const { models, ignored } = await findModels(path)
  t.same(models.get('a'), { configs: [join(path, 'a.yml')], checkpoints: [join(path, 'a.ckpt')], calibration: [join(path, 'a.calibration.json')] })
  t.match(models.get('B'), { configs: [], checkpoints: [join(path, 'B.ONNX')] })
  t.same([...models.keys()].sort(), ['B', 'a'])
  t.same(ignored, [])
})

t.test('a folder\'s model has the name of its config, or of its checkpoint', async t => {
  t.same(await namesIn(t.testdir({ run: { 'x.yml': '', 'last.ckpt': '' }, other: { 'nanodet-t.ckpt': '' } })), ['nanodet-t', 'x'])
})

t.test('the folder names its model where files don\'t', async t => {
  t.same(await namesIn(t.testdir({ a: { 'train_cfg.yml': '', 'm.ckpt': '' } })), ['a'], 'upstream calls every run\'s config train_cfg.yml')
  t.same(await namesIn(t.testdir({ a: { 'x.yml': '' }, b: { 'x.yml': '' }, c: { 'y.yml': '' } })), ['a', 'b', 'y'])
  t.same(await namesIn(t.testdir({ 'x.yml': '', 'x.ckpt': '', copy: { 'x.yml': '' } })), ['copy', 'x'])
})

t.test('files of a folder join those of its name', async t => {
  const path = t.testdir({ 'a.yml': '', a: { 'train_cfg.yml': '', 'm.ckpt': '' } })
  t.same((await findModels(path)).models.get('a'), { configs: [join(path, 'a.yml'), join(path, 'a/train_cfg.yml')], checkpoints: [join(path, 'a/m.ckpt')], calibration: [] })
})

t.test('other files are ignored, with the reason', async t => {
  const path = t.testdir({
    'README.md': '',
    'model.param': '',
    'model.zip': '',
    'results0.json': '[]',
    'data.json': '{"images": []}',
    'a.calibration.json': '{}',
    empty: {},
    logs: { 'train.log': '' },
    run: { 'a.json': DESCRIPTION, 'b.json': '[]', 'm.pth': '', model_best: {} }
  })
  t.same((await findModels(path)).ignored, [
    { file: 'README.md', reason: 'is not a model file' },
    { file: 'data.json', reason: 'is not a description of a model: it has neither "task" nor "model"' },
    { file: 'model.param', reason: 'has an unsupported format: export the model to ONNX' },
    { file: 'model.zip', reason: 'is an archive: unpack it' },
    { file: 'results0.json', reason: 'is not a description of a model' },
    { file: 'a.calibration.json', reason: 'is a calibration table, but no model is called a' },
    { file: 'run/b.json', reason: 'is not a description of a model' },
    { file: 'run/model_best/', reason: 'is nested too deep' },
    { file: 'empty/', reason: 'has no config and no checkpoint' },
    { file: 'logs/', reason: 'has no config and no checkpoint' }
  ])
  t.same(await namesIn(path), ['a'])
})

t.test('a folder that is missing', t => t.rejects(findModels('/nowhere'), { name: 'ModelFileError', message: '/nowhere: no such file or directory' }))

t.test('names without extensions', async t => {
  t.equal(stem('/x/nanodet-m-0.5x.ckpt'), 'nanodet-m-0.5x')
  t.equal(stem('/x/a.calibration.json'), 'a')
})

t.test('a folder of thousands of files is listed in a moment', async t => {
  const files = Array.from({ length: 4000 }, (_, i) => [[`m${i}.yml`, ''], [`m${i}.ckpt`, '']]).flat()
  const path = t.testdir(Object.fromEntries(files))
  const spent = cpuClock()
  t.equal((await findModels(path)).models.size, 4000)
  t.ok(spent() < 2000)
})

t.test('one model alone is found without looking at the others', async t => {
  const path = t.testdir({ 'a.yml': '', 'a.ckpt': '', 'a.calibration.json': '{}', 'b.yml': '', 'b.json': '{}' })
  const { models } = await findModels(path)
  t.same([...(await findModels(path, 'a')).models], [['a', models.get('a')]])
  t.equal((await findModels(path, 'c')).models.size, 0)
  const nested = t.testdir({ 'a.yml': '', b: { 'a.ckpt': '' } })
  t.same([...(await findModels(nested, 'b')).models.keys()], ['a', 'b'], 'other files name a folder\'s model')
})

t.test('names that objects treat in a special way are ordinary names', async t => {
  const names = ['__proto__', 'constructor', 'line\nbreak', '日本']
  const path = t.testdir({})
  for (const name of names) for (const type of ['yml', 'ckpt']) writeFileSync(join(path, `${name}.${type}`), '')
  t.same(await namesIn(path), names.sort())
})
