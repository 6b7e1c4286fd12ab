import { join } from 'node:path'
import t from 'tap'
import { jsonProblem } from '../../../models/files/json-problem.ts'

t.test('which JSON files describe a model', async t => {
  const path = t.testdir({
    'task.json': '{"task": "detect"}',
    'model.json': '\ufeff{"model": "nanodet-t"}',
    'typo.json': '{"taks": "detect"}',
    'list.json': '[{"task": "detect"}]',
    'null.json': 'null',
    'broken.json': '{',
    'large.json': `{"task": "detect", "x": "${'x'.repeat(2 ** 20)}"}`,
    'pointer.json': 'version https://git-lfs.github.com/spec/v1\n'
  })
  const problem = (name: string, isNamed = false) => jsonProblem(join(path, `${name}.json`), isNamed)
  for (const name of ['task', 'model', 'pointer', 'missing']) t.equal(await problem(name), undefined, name)
  t.match(await problem('typo'), /it has neither "task" nor "model"/)
  t.match(await problem('broken'), 'is not valid JSON')
  for (const name of ['typo', 'broken']) t.equal(await problem(name, true), undefined, `${name}: reading it reports the problem`)
  for (const isNamed of [false, true]) {
    t.equal(await problem('list', isNamed), 'is not a description of a model')
    t.equal(await problem('null', isNamed), 'is not a description of a model')
    t.equal(await problem('large', isNamed), 'is too large for a description of a model')
  }
})
