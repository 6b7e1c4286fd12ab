import t from 'tap'
import { classify as command } from '../../../cli/commands/classify.ts'
import { call } from '../../support/io.ts'
import { ownModels } from '../../support/own-models.ts'

const classify = (...argv: string[]) => call(command, argv)

t.test('prints the best classes', async t => {
  const { folder, photo } = ownModels(t)
  const { exitCode, stdout, stderr } = await classify(photo, '--model', `${folder}/kinds.json`)
  t.same([exitCode, stderr], [0, ''])
  t.match(stdout, `${photo}: 700×700\n`)
  t.match(stdout, /│ label │ +score │/)
  for (const label of ['cat', 'dog', 'cow']) t.match(stdout, new RegExp(`│ ${label} +│ 0\\.\\d{4} │`))
})

t.test('--json prints a line per photo, as the server answers', async t => {
  const { folder, photo } = ownModels(t, { 'text.jpg': 'text' })
  const { exitCode, stdout, stderr } = await classify(`${folder}/text.jpg`, photo, '--model', 'kinds', '--models-dir', folder, '--top', '1', '--json')
  t.same([exitCode, stderr.split('\n').length], [1, 2])
  t.match(stderr, `${folder}/text.jpg: Cannot decode`)
  const reply = JSON.parse(stdout)
  t.same(Object.keys(reply), ['file', 'model', 'image', 'classes', 'timing'])
  t.match(reply, { file: photo, model: 'kinds', image: { width: 700, height: 700 }, classes: [{ label: String, class_id: Number, score: Number }] })
  t.equal(reply.classes.length, 1)
})

t.test('a detector can\'t classify', async t => {
  t.same(await classify('a.jpg', '--model', 'nanodet-m-416'), {
    exitCode: 2, stdout: '', stderr: '--model: nanodet-m-416 does not support classify; use nanodet detect, nanodet features or nanodet explain\n'
  })
})

t.test('a photo and a model are needed', async t => {
  t.match(await classify('--model', 'kinds'), { exitCode: 2, stderr: /^Expected a photo/ })
  t.same(await classify('a.jpg'), { exitCode: 2, stdout: '', stderr: 'Missing option --model MODEL; nanodet classify --help lists the options\n' })
})
