import t from 'tap'
import { main } from '../../bench/passes.ts'
import { photo } from '../support/files.ts'
import { runMain } from '../support/io.ts'

t.test('a line for the network as written, with all passes, and without each', async t => {
  const path = `${t.testdir({ 'a.jpg': photo('sample1.jpg') })}/a.jpg`
  const { exitCode, stdout, stderr } = await runMain(main, [path, '--rounds', '2'])
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  t.match(stdout, /│ passes +│ +ms │ +ratio │ +middle half │/)
  t.match(stdout, /│ none +│ +[\d.]+ │ 1\.000 │ 1\.00 … 1\.00 │/)
  for (const name of ['all', 'all but foldScale', 'all but alignChannels']) t.match(stdout, new RegExp(`│ ${name} +│ +[\\d.]+ │`))
})

t.test('what is wrong is said in a line', async t => {
  const folder = t.testdir({ 'a.jpg': 'no photo' })
  const wrong: [string[], RegExp, number][] = [
    [[], /^expected an image/, 2],
    [['a.jpg', '--rounds', '0'], /^--rounds: expected a whole number from 1 to 10000, found 0/, 2],
    [[`${folder}/a.jpg`], /a\.jpg: /, 1],
    [['a.jpg', '--model', 'yolo'], /^--model: there is no model yolo/, 2]
  ]
  for (const [argv, message, code] of wrong) {
    const { exitCode, stderr } = await runMain(main, argv)
    t.match(stderr, message)
    t.equal(exitCode, code)
  }
  t.match(await runMain(main, ['--help']), { exitCode: 0, stdout: /^Times a network/ })
})
