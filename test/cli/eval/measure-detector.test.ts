import { PassThrough } from 'node:stream'
import t from 'tap'
import { measureDetector } from '../../../cli/eval/measure-detector.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { PHOTO_TRUTH, PHOTOS } from '../../support/datasets.ts'

t.test('scores what is found, in the order of the images', async t => {
  const unicorn = { id: 500, name: 'unicorn' }
  const dataset = { ...PHOTO_TRUTH, categories: [...PHOTO_TRUTH.categories, unicorn], notes: ['a note'] }
  const io = { stdout: new PassThrough(), stderr: new PassThrough() }
  const scores = await measureDetector(builtInArtifacts()[0]!, dataset, t.testdir(PHOTOS), io)
  t.match(scores, { model: 'nanodet-m-416', images: 3, unknown: ['unicorn'], notes: ['a note'] })
  t.ok(scores.seconds > 0)
  t.ok(scores.summary.AP50 > 0.9, `AP50 ${scores.summary.AP50}`)
  t.same([...new Set(scores.results.map(result => result.image_id))], [42, 7, 8])
  t.ok(scores.results.every(({ score }) => score > 0.05) && scores.results.some(({ score }) => score < 0.1), 'low scores count, too')
  t.same(scores.categories.map(({ category, objects }) => [category.name, objects]), [['person', 4], ['tie', 1], ['cell phone', 1]])
  const { labels, counts } = scores.confusion
  t.equal(counts[labels.indexOf('person')]![labels.indexOf('person')], 4)
})
