import t from 'tap'
import { confusionCsv, csvFields, toCsv } from '../../../cli/eval/csv.ts'

t.test('quotes what needs it', async t => {
  t.equal(toCsv(['a', 'b'], [['x,y', 1], ['say "hi"', 0.5]]), 'a,b\n"x,y",1\n"say ""hi""",0.5\n')
})

t.test('a confusion matrix', async t => {
  t.equal(confusionCsv({ labels: ['cat', 'dog'], counts: [[1, 0], [2, 3]] }), 'true \\ predicted,cat,dog\ncat,1,0\ndog,2,3\n')
})

t.test('reads fields', async t => {
  t.same(csvFields('a.jpg, "big, ""bad"" cat",,7'), ['a.jpg', 'big, "bad" cat', '', '7'])
  t.same(csvFields(',b'), ['', 'b'])
})
