import t from 'tap'
import { train } from '../../../cli/commands/train.ts'
import { call } from '../../support/io.ts'

t.test('wrong options are named', async t => {
  t.match(await call(train, ['--images', '.']), { exitCode: 2, stderr: /^Missing option --out DIR\/NAME; / })
  t.match(await call(train, ['--task', 'segment', '--images', '.', '--out', 'x']), { exitCode: 2, stderr: /^--task: expected detect or classify/ })
})
