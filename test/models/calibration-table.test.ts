import t from 'tap'
import { builtInCalibration, readCalibration } from '../../models/calibration-table.ts'
import { REGISTRY } from '../../models/registry.ts'

t.test('the build\'s model has a calibration table, others have none', async t => {
  const calibration = await readCalibration(builtInCalibration(REGISTRY.get('nanodet-m-416')!)!)
  t.ok(Object.keys(calibration).length > 50)
  for (const [key, [low, high]] of Object.entries(calibration)) t.ok(low <= 0 && high > 0, key)
  t.equal(builtInCalibration(REGISTRY.get('nanodet-m')!), undefined)
})

t.test('what can\'t be used is named', async t => {
  const folder = t.testdir({ 'text.json': 'calibration', 'wrong.json': '{"stem": [1, 2]}' })
  await t.rejects(readCalibration(`${folder}/none.json`), { message: 'none.json: no such file or directory' })
  await t.rejects(readCalibration(`${folder}/text.json`), { message: /^text\.json: .*JSON/ })
  await t.rejects(readCalibration(`${folder}/wrong.json`), { message: /^wrong\.json: not a calibration table: stem: 0: / })
})
