import t from 'tap'
import { readNetwork } from '../../bench/model.ts'
import { REGISTRY } from '../../models/registry.ts'

const config = REGISTRY.get('nanodet-m-416')!

t.test('in the precision that the server would take', async t => {
  t.teardown(() => { delete process.env['PRECISION'] })
  process.env['PRECISION'] = 'fp32'
  t.match(await readNetwork(config), { kind: 'detector', config, calibration: undefined })
  process.env['PRECISION'] = 'int8'
  t.ok(Object.keys((await readNetwork(config)).calibration!).length > 10)
})

t.test('a checkpoint that is not there', t => t.rejects(readNetwork(config, 'none.pth'), { name: 'CommandError', message: /^none\.pth: / }))
