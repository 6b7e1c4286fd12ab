import t from 'tap'
import { matchCategories, normalize } from '../../models/categories.ts'

t.test('matches by name, exact names first', async t => {
  const categories = ['Traffic Light', 'tvmonitor', 'Dog', 'dog', 'unicorn'].map((name, id) => ({ id, name }))
  const { idOfClass, unknown } = matchCategories(categories, ['dog', 'traffic_light', 'tv', 'cat'], 'mine')
  t.same(idOfClass, [3, 0, 1, undefined])
  t.same(unknown.map(({ name }) => name), ['Dog', 'unicorn'])
})

t.test('refuses a data set of other classes', async t => {
  const categories = [{ id: 1, name: 'unicorn' }]
  t.throws(() => matchCategories(categories, ['a', 'b', 'c', 'd'], 'mine'),
    { name: 'LabelError', message: 'the data set has none of the classes of mine: unicorn against a, b, c …' })
})

t.test('a class may be called like a property of every object', async t => {
  t.equal(normalize('Constructor'), 'constructor')
})

t.test('names of Pascal VOC are those of COCO', async t => {
  t.same(['aeroplane', 'diningtable', 'Naïve-Ünit 2'].map(normalize), ['airplane', 'diningtable', 'naïveünit2'])
})
