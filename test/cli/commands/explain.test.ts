import { writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { explain as command } from '../../../cli/commands/explain.ts'
import { explainReply } from '../../../server/explain-schemas.ts'
import { photo } from '../../support/files.ts'
import { call } from '../../support/io.ts'
import { ownModels } from '../../support/own-models.ts'
import { STREET } from '../../support/street.ts'

const explain = (...argv: string[]) => call(command, argv)

async function street (t: Test): Promise<string> {
  const path = `${t.testdir({})}/street.jpg`
  await writeFile(path, STREET)
  return path
}

t.test('prints the best candidates, and the verdict on a region', async t => {
  const path = await street(t)
  const { exitCode, stdout, stderr } = await explain(path, '--region', '258,298,282,322', '--label', 'stop sign', '--top', '2', '--for', 'bus')
  t.strictSame([exitCode, stderr], [0, ''])
  t.match(stdout, `${path}: 960×640, 3 objects, 1000 candidates above `)
  t.match(stdout, /│ 0 │ stop sign │ +0\.75 │ +8 │ 7, 18 │ +82\.7 │ 124\.4 │ 198\.6 │ 238\.5 │ kept/)
  t.match(stdout, /│ 1 │ .*suppressed by 0 \(IoU 0\.\d\d\)/)
  t.notMatch(stdout, /│ 2 │/)
  t.match(stdout, /\nBelow the threshold: stop sign \(0\.24\) would appear at a threshold of 0\.23\.\nwhat raised the score of bus 0\.63\n/)
})

t.test('--json prints a line per photo, as the server answers', async t => {
  const me = `${t.testdir({ 'me.jpg': photo('sample-me.jpg') })}/me.jpg`
  const { stdout } = await explain(me, me, '--json', '--region', '1,1,600,600')
  const [{ file, ...reply }, second] = stdout.trimEnd().split('\n').map(line => JSON.parse(line))
  t.equal(file, me)
  t.equal(second.file, me)
  t.same(explainReply.strict().parse(reply), reply)
})

t.test('a bad photo, or one that the region lies outside of, is a line on stderr', async t => {
  const me = `${t.testdir({ 'me.jpg': photo('sample-me.jpg') })}/me.jpg`
  t.match(await explain('none.jpg', me, '--region', '900,0,910,10'), {
    exitCode: 1,
    stderr: `none.jpg: no such file or directory\n${me}: region: expected a part of the photo, which is 700×700\n`
  })
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: Array<[string[], RegExp]> = [
    [[], /^Expected a photo/],
    [['a.jpg', '--region', '1,2,3'], /^--region: expected x1,y1,x2,y2, found 1,2,3/],
    [['a.jpg', '--region', '3,2,1,4'], /^--region: expected x1 < x2 and y1 < y2/],
    [['a.jpg', '--label', 'bus'], /^--label: expected together with --region/],
    [['a.jpg', '--region', '1,2,3,4', '--label', 'buss'], /^--label: the model has no label buss; did you mean bus\?/],
    [['a.jpg', '--region', '1,2,3,4', '--label', 'bus', '--classes', 'truck'], /^--label: expected one of --classes/],
    [['a.jpg', '--top', '0'], /^--top: expected a whole number from 1 to 1000, found 0/]
  ]
  for (const [argv, message] of wrong) {
    const { exitCode, stdout, stderr } = await explain(...argv)
    t.strictSame([exitCode, stdout], [2, ''], argv.join(' '))
    t.match(stderr, message)
  }
})

t.test('a model of the user\'s', async t => {
  const { folder, photo } = ownModels(t)
  const { stdout } = await explain(photo, '--model', `${folder}/graph.onnx`, '--region', '1,1,500,500', '--score-threshold', '0')
  t.notMatch(stdout, /stage/)
  t.match(stdout, /│ cells │ best classes/)
  t.match(await explain(photo, '--model', `${folder}/kinds.json`), { exitCode: 2, stderr: '--model: kinds does not support explain; use nanodet classify\n' })
})
