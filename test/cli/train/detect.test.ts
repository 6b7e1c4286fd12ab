import t from 'tap'
import { train } from '../../../cli/commands/train.ts'
import { call } from '../../support/io.ts'

t.test('a detector needs annotations', async t => {
  t.match(await call(train, ['--images', '.', '--out', 'x']), { exitCode: 2, stderr: /^--annotations: expected a file or a folder/ })
})
