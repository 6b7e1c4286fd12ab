import t from 'tap'
import { foundNames, givenNames, isNamesFile, isYaml, namesInFile } from '../../../cli/eval/class-names.ts'

t.test('names from YAML, as a list or by id, and from lines of text', async t => {
  const folder = t.testdir({
    'list.yaml': 'train: a\nnames: [cat, 3]\n', 'map.yml': 'names:\n  0: cat\n  2: dog\n', 'classes.txt': '\uFEFFcat\r\n\r\ndog\r\n'
  })
  t.same(await namesInFile(`${folder}/list.yaml`), ['cat', '3'])
  t.same(await namesInFile(`${folder}/map.yml`), ['cat', 'class_1', 'dog'])
  t.same(await namesInFile(`${folder}/classes.txt`), ['cat', 'dog'])
  t.same(await givenNames(`${folder}/classes.txt`), ['cat', 'dog'])
  t.same(await givenNames('cow, horse'), ['cow', 'horse'])
})

t.test('looks for them in and above the labels', async t => {
  const folder = t.testdir({ 'data.yaml': 'names: [cat]', labels: { val: {} } })
  t.same(await foundNames(`${folder}/labels/val`), { names: ['cat'], file: `${folder}/data.yaml` })
  t.equal(await foundNames(t.testdir({ a: { b: { c: {} } } }) + '/a/b/c'), undefined)
  t.same(['x/classes.txt', 'train.txt', 'x/a.txt'].map(isNamesFile), [true, true, false])
  t.same(['a.YML', 'a.txt'].map(isYaml), [true, false])
})

t.test('names a file without names', async t => {
  const folder = t.testdir({ 'a.yaml': 'nc: 3', 'b.yaml': 'names: [', 'c.yaml': 'names:\n  4294967295: cat\n' })
  await t.rejects(namesInFile(`${folder}/c.yaml`), { name: 'CommandError', message: /c\.yaml: expected/ })
  await t.rejects(namesInFile(`${folder}/a.yaml`), { name: 'CommandError', message: /a\.yaml: expected the class names under the key names$/ })
  await t.rejects(namesInFile(`${folder}/b.yaml`), { name: 'CommandError', message: /b\.yaml: not YAML: [^\n]+$/ })
})
