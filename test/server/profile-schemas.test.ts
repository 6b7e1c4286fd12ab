import t from 'tap'
import { profileParameters } from '../../server/profile-schemas.ts'

t.test('runs are bounded', async t => {
  t.same(profileParameters.parse({}), { runs: 20 })
  t.same(profileParameters.parse({ runs: '50' }), { runs: 50 })
  for (const runs of ['0', '51', '1.5', '', 'many']) t.notOk(profileParameters.safeParse({ runs }).success, runs)
})
