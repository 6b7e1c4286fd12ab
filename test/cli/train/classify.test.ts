import t from 'tap'
import { train } from '../../../cli/commands/train.ts'
import { call } from '../../support/io.ts'

t.test('options of detectors are refused', async t => {
  t.match(await call(train, ['--task', 'classify', '--images', '.', '--out', 'x', '--format', 'coco']),
    { exitCode: 2, stderr: '--format: only for detectors\n' })
})
