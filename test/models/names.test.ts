import t from 'tap'
import { listOf, namesIn } from '../../models/names.ts'

t.test('names in their order, each once, without the spaces around them', async t => {
  t.same(namesIn(' p4,stem ,,traffic light,stem, '), ['p4', 'stem', 'traffic light'])
  t.same(namesIn(' , '), [])
})

t.test('a list in words', async t => t.same([listOf(['a']), listOf(['a', 'b'])], ['a', 'a or b']))
