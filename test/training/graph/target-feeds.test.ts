import t from 'tap'
import { feedsOf, targetFeeds } from '../../../training/graph/target-feeds.ts'
import { TARGETS } from '../../../training/graph/target-names.ts'
import { assignAtss } from '../../../training/targets/atss.ts'
import { pointsOf } from '../../../training/targets/points.ts'
import { fixture } from '../../support/files.ts'
import { configOf, objectsOf, type Scene } from '../../support/training.ts'

interface Case extends Scene { width: number, height: number, positives: number[], distanceTargets?: number[][] }

const REG_MAX = 7

t.test('the sides of boxes equal upstream\'s distances', async t => {
  const cases: Case[] = fixture('training-targets.json').atss
  for (const { width, height, positives, distanceTargets, ...scene } of cases.filter(({ distanceTargets }) => distanceTargets)) {
    const config = configOf('nanodet-m', width, height, 5)
    const { [TARGETS.sides]: sides, ...others } = targetFeeds(config)([objectsOf(scene)], undefined)
    t.same(Object.keys(others), [TARGETS.labels, TARGETS.positive])
    const count = pointsOf(config).x.length
    positives.forEach((point, i) => distanceTargets![i]!.forEach((expected, k) => {
      const side = Math.min(Math.max(Number(sides!.data[k * count + point]), 0), REG_MAX - 0.1)
      t.ok(Math.abs(side - expected) < 1e-5)
    }))
  }
})

t.test('labels, positives and scores of each photo are planes', async t => {
  const points = pointsOf(configOf('nanodet-m', 64, 64, 5))
  const objects = [{ box: [5, 8, 40, 52] as const, label: 3 }]
  const assigned = [assignAtss([], points), assignAtss(objects, points)]
  const feeds = feedsOf([[], objects], assigned, points)
  t.same(Object.values(feeds).map(({ dims }) => dims), [[2, 1, 84], [2, 1, 84], [2, 1, 84], [2, 4, 84]])
  t.ok(feeds[TARGETS.positive]!.data.slice(0, 84).every(value => value === 0))
  const { points: positives, overlaps } = assigned[1]!
  positives.forEach((point, i) => {
    t.same([TARGETS.positive, TARGETS.labels, TARGETS.scores].map(name => Number(feeds[name]!.data[84 + point])), [1, 3, overlaps[i]])
  })
  t.equal([...feeds[TARGETS.positive]!.data].filter(value => value === 1).length, positives.length)
  t.ok(feeds[TARGETS.sides]!.data.slice(0, 4 * 84).every(value => value === 1), 'harmless where nothing is to be learned')
})
