import t from 'tap'
import { passes } from '../../bench/passes.ts'
import { call } from '../support/io.ts'
import { ownModels } from '../support/own-models.ts'

t.test('a line for the network as written, with all passes, and without each', async t => {
  const { folder, photo } = ownModels(t)
  const { exitCode, stdout, stderr } = await call(passes, [photo, '--rounds', '2', '--model', `${folder}/small.yml`])
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  t.match(stdout, /│ passes +│ +ms │ +ratio │ +middle half │/)
  t.match(stdout, /│ none +│ +[\d.]+ │ 1\.000 │ 1\.00 … 1\.00 │/)
  for (const name of ['all', 'all but foldScale', 'all but alignChannels']) t.match(stdout, new RegExp(`│ ${name} +│ +[\\d.]+ │`))
})

t.test('--json', async t => {
  const { folder, photo } = ownModels(t)
  const { stdout } = await call(passes, [photo, '--rounds', '1', '--model', `${folder}/small.yml`, '--json'])
  t.match(JSON.parse(stdout)[0], { name: 'none', median: Number, ratio: 1, spread: [1, 1] })
})

t.test('errors are one line', async t => {
  const folder = t.testdir({ 'a.jpg': 'no photo' })
  const wrong: [string[], RegExp, number][] = [
    [[], /^Expected one photo: nanodet bench passes PHOTO/, 2],
    [['a.jpg', '--rounds', '0'], /^--rounds: expected a whole number from 1 to 10000, found 0/, 2],
    [[`${folder}/a.jpg`], /a\.jpg: /, 1],
    [['a.jpg', '--model', 'yolo'], /^--model: unknown model yolo/, 2]
  ]
  for (const [argv, message, code] of wrong) {
    const { exitCode, stderr } = await call(passes, argv)
    t.match(stderr, message)
    t.equal(exitCode, code)
  }
  const own = ownModels(t)
  t.match(await call(passes, [own.photo, '--model', `${own.folder}/graph.onnx`]),
    { exitCode: 2, stderr: '--model: graph passes are for NanoDet networks, not for graph\n' })
})
