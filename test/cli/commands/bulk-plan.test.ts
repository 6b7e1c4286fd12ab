import t from 'tap'
import { bulkPlan } from '../../../cli/commands/bulk-plan.ts'
import { call } from '../../support/io.ts'

t.test('needs REDIS_URL', async t => {
  const { REDIS_URL: url } = process.env
  delete process.env['REDIS_URL']
  t.teardown(() => { if (url !== undefined) process.env['REDIS_URL'] = url })
  const { exitCode, stdout, stderr } = await call(bulkPlan, ['photos', '--out', 'found'])
  t.strictSame([exitCode, stdout], [1, ''])
  t.match(stderr, /^REDIS_URL is not set; expected redis:.*\n$/)
})

t.test('needs a source and an output', async t => {
  t.match(await call(bulkPlan, ['photos']), { exitCode: 2, stderr: /^Missing option --out DIR\|S3/ })
  t.match(await call(bulkPlan, ['--out', 'found']), { exitCode: 2, stderr: /^Expected a source/ })
})
