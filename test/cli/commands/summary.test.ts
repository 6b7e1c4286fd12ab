import t from 'tap'
import { main } from '../../cli/summary.ts'
import { REGISTRY } from '../../models/registry.ts'
import { summarize } from '../../models/summary.ts'
import { runMain } from '../support/io.ts'

const summary = (...argv: string[]) => runMain(main, argv)
const config = REGISTRY.get('nanodet-plus-m-320')!

t.test('prints tables, as deep as asked for', async t => {
  const { exitCode, stdout, stderr } = await summary('nanodet-plus-m-320')
  t.strictSame([exitCode, stderr], [0, ''])
  t.match(stdout, /│ all +│ +│ +│ +1,197,924 │ +450,712,800 │/)
  t.match(stdout, /│ {3}stage2 +│/)
  t.notMatch(stdout, 'branch2')
  t.match((await summary('nanodet-plus-m-320', '--depth', '4')).stdout, /│ {7}branch2 +│/)
  t.notMatch((await summary('nanodet-plus-m-320', '--depth', '1')).stdout, 'stage2')
})

t.test('--json prints all of it as one object', async t => {
  const { stdout } = await summary('nanodet-plus-m-320', '--json')
  t.strictSame(JSON.parse(stdout), JSON.parse(JSON.stringify(summarize(config, false))))
  t.match(stdout, /^[^\n]+\n$/)
  const shallow = JSON.parse((await summary('nanodet-plus-m-320', '--json', '--depth', '1', '--folded')).stdout)
  t.strictSame(shallow.layers.map(({ name }: { name: string }) => name), ['backbone', 'fpn', 'head'])
  t.match(shallow, { folded: true, totals: { parameters: 1_186_346 } })
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: [string[], RegExp][] = [
    [[], /^Expected a model/],
    [['yolo'], /^There is no model yolo; there is nanodet-m-0\.5x, /],
    [['nanodet-m', 'nanodet-m-416'], /^Expected one model, found nanodet-m-416, too/],
    [['nanodet-m', '--depth', '0'], /^--depth: expected a whole number above 0, found 0/],
    [['nanodet-m', '--width', '3'], /^Unknown option '--width'/]
  ]
  for (const [argv, message] of wrong) {
    const { exitCode, stdout, stderr } = await summary(...argv)
    t.strictSame([exitCode, stdout], [2, ''], argv.join(' '))
    t.match(stderr, message)
    t.match(stderr, /^[^\n]+\n$/)
  }
})

t.test('--help lists the options', async t => {
  const { exitCode, stdout } = await summary('--help')
  t.equal(exitCode, 0)
  for (const option of ['depth', 'folded', 'json']) t.match(stdout, `--${option}`)
})
