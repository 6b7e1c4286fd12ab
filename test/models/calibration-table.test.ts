import t from 'tap'
import { builtInCalibration, readCalibration } from '../../models/calibration-table.ts'
import { compile } from '../../models/network.ts'
import { int8Passes } from '../../models/quantization/int8-form.ts'
import { REGISTRY } from '../../models/registry.ts'
import { seededWeights } from '../support/seeded.ts'

t.test('some models have a calibration table, which fits the network; others have none', async t => {
  for (const name of ['nanodet-m-416', 'nanodet-plus-m-416', 'nanodet-plus-m-320']) {
    const config = REGISTRY.get(name)!
    const calibration = await readCalibration(builtInCalibration(config)!)
    for (const [key, [low, high]] of Object.entries(calibration.ranges)) t.ok(low <= 0 && high > 0, key)
    t.ok(Object.values(calibration.factors).flat().length > 5000)
    t.ok(compile(config, seededWeights, { passes: int8Passes(calibration) }).length > 1e5)
  }
  t.equal(builtInCalibration(REGISTRY.get('nanodet-m')!), undefined)
})

t.test('what can\'t be used is named', async t => {
  const folder = t.testdir({
    'text.json': 'calibration',
    'wrong.json': '{"stem": [1, 2]}',
    'null.json': 'null',
    'factor.json': '{"factors": {"stem": [1, 0]}, "ranges": {}}'
  })
  await t.rejects(readCalibration(`${folder}/none.json`), { message: 'none.json: no such file or directory' })
  await t.rejects(readCalibration(`${folder}/text.json`), { message: /^text\.json: .*JSON/ })
  await t.rejects(readCalibration(`${folder}/wrong.json`), { message: /^wrong\.json: not a calibration table: stem: 0: / })
  await t.rejects(readCalibration(`${folder}/null.json`), { message: /^null\.json: not a calibration table: / })
  await t.rejects(readCalibration(`${folder}/factor.json`), { message: /^factor\.json: not a calibration table: factors: stem: 1: / })
})

t.test('a table of an earlier version has ranges only', async t => {
  const folder = t.testdir({ 'old.json': '{"stem": [-1, 2]}', 'new.json': '{"factors": {"stem": [0.5, 1]}, "ranges": {"stem": [-1, 2]}}' })
  t.same(await readCalibration(`${folder}/old.json`), { factors: {}, ranges: { stem: [-1, 2] } })
  t.same(await readCalibration(`${folder}/new.json`), { factors: { stem: [0.5, 1] }, ranges: { stem: [-1, 2] } })
})
