import t from 'tap'
import { markdownTable } from '../../bench/markdown.ts'

t.test('columns are as wide as what is in them', async t => {
  t.equal(markdownTable({ stage: 'left', ms: 'right' }, [['run', '10.25'], ['prepare', '3']]), [
    '| stage   |    ms |',
    '| ------- | ----: |',
    '| run     | 10.25 |',
    '| prepare |     3 |'
  ].join('\n'))
})
