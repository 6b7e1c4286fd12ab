import { join } from 'node:path'
import t from 'tap'
import { configWithout, readConfig } from '../../../models/files/read-config.ts'
import { SMALL } from '../../support/model-files.ts'
import { graphOf } from '../../support/onnx-files.ts'
import { upstreamYaml } from '../../support/upstream-yaml.ts'

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 8\n'

t.test('YAML is NanoDet\'s, JSON a description', async t => {
  const path = t.testdir({ 'a.yml': upstreamYaml(SMALL), 'b.JSON': '\ufeff{"model": "nanodet-t"}' })
  t.match(await readConfig(join(path, 'a.yml'), 'mine'), { kind: 'detector', config: { name: 'mine', labels: SMALL.labels }, ignored: [] })
  t.match(await readConfig(join(path, 'b.JSON'), 'mine'), { kind: 'detector', config: { name: 'mine', neck: { name: 'tan' } } })
})

t.test('files that are no text in UTF-8 are named', async t => {
  const path = t.testdir({ 'a.yml': Buffer.from('\ufeffmodel:', 'utf16le'), 'b.json': Buffer.from('{"labels": ["caf\xe9"]}', 'latin1'), 'c.yml': POINTER })
  const refused = (file: string, message: RegExp) => t.rejects(readConfig(join(path, file), 'mine'), { name: 'ModelFileError', message })
  await refused('a.yml', /^a\.yml: the file is in UTF-16: save it as UTF-8$/)
  await refused('b.json', /^b\.json: the file is in another encoding than UTF-8/)
  await refused('c.yml', /^c\.yml: this is a Git LFS pointer.*git lfs pull/)
  await refused('none.yml', /^none\.yml: no such file or directory$/)
})

t.test('without a config, an ONNX file describes itself, and a name may be that of a published model', async t => {
  const path = t.testdir({ 'a.onnx': Buffer.from(graphOf([[1, 2100, 112]])), 'b.onnx': Buffer.from(graphOf([[1, 10]])), 'c.onnx': 'text', 'd.onnx': POINTER })
  t.match(await configWithout(join(path, 'a.onnx'), 'mine'), { kind: 'opaque', config: { name: 'mine' }, notes: Array })
  t.match(await configWithout(join(path, 'b.onnx'), 'mine'), { kind: 'opaque-classifier' })
  await t.rejects(configWithout(join(path, 'c.onnx'), 'mine'), { message: /^c\.onnx: not a usable ONNX model: / })
  await t.rejects(configWithout(join(path, 'd.onnx'), 'mine'), { message: /^d\.onnx: this is a Git LFS pointer/ })
  const found = await configWithout('x/nanodet-plus-m_416_checkpoint.ckpt', 'mine')
  t.match(found, { kind: 'detector', config: { name: 'mine', head: { name: 'nanodet-plus-head' } }, notes: ["Guessed from the file's name: the architecture of nanodet-plus-m-416."] })
  t.notOk('published' in found.config || 'weights' in found.config, 'the file may hold other weights')
  await t.rejects(configWithout('x/mine.ckpt', 'mine'), { name: 'ModelFileError', message: /mine\.ckpt has no config/ })
})
