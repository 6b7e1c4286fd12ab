import t from 'tap'
import { builtInRanges, readRanges } from '../../models/ranges-file.ts'
import { REGISTRY } from '../../models/registry.ts'

t.test('the build\'s model has ranges, others have none', async t => {
  const ranges = await readRanges(builtInRanges(REGISTRY.get('nanodet-m-416')!)!)
  t.ok(Object.keys(ranges).length > 50)
  for (const [key, [low, high]] of Object.entries(ranges)) t.ok(low <= 0 && high > 0, key)
  t.equal(builtInRanges(REGISTRY.get('nanodet-m')!), undefined)
})

t.test('what can\'t be used is named', async t => {
  const folder = t.testdir({ 'text.json': 'ranges', 'wrong.json': '{"stem": [1, 2]}' })
  await t.rejects(readRanges(`${folder}/none.json`), { message: 'none.json: no such file or directory' })
  await t.rejects(readRanges(`${folder}/text.json`), { message: /^text\.json: .*JSON/ })
  await t.rejects(readRanges(`${folder}/wrong.json`), { message: /^wrong\.json: no ranges: stem: 0: / })
})
