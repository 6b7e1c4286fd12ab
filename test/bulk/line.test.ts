import t from 'tap'
import { hasFailed } from '../../bulk/line.ts'
import { failedLine, resultLine } from '../support/result-lines.ts'

t.test('a line is a result or a failure', async t => {
  t.same([resultLine('a.jpg'), failedLine('b.jpg')].map(hasFailed), [false, true])
})
