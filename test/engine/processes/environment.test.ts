import t from 'tap'
import { childEnvironment } from '../../../engine/processes/environment.ts'

t.test('what libraries read is passed, secrets are not', async t => {
  const env = childEnvironment({
    PATH: '/bin',
    LD_PRELOAD: 'libjemalloc.so',
    VIPS_CONCURRENCY: '1',
    LC_ALL: 'C',
    API_KEYS: 'k',
    ADMIN_KEYS: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=x',
    GONE: undefined
  })
  t.same(env, { ORT_DISABLE_TELEMETRY: '1', PATH: '/bin', LD_PRELOAD: 'libjemalloc.so', VIPS_CONCURRENCY: '1', LC_ALL: 'C' })
})

t.test('options for the parent\'s own program are not passed', async t => {
  const optionsOf = (text: string) => childEnvironment({ NODE_OPTIONS: text })['NODE_OPTIONS']
  t.equal(optionsOf('--import ./register.js --max-old-space-size=900 -r "my file.js" --no-warnings'), '--max-old-space-size=900 --no-warnings')
  t.equal(optionsOf('--import=tsx --inspect-brk=0 --require="a b.cjs" --inspect --title="a b"'), '--title="a b"')
  t.equal(optionsOf('--inspect'), '')
})

t.test('telemetry is off unless someone turns it on', async t => {
  t.equal(childEnvironment({ ORT_DISABLE_TELEMETRY: '0' })['ORT_DISABLE_TELEMETRY'], '0')
  t.equal(childEnvironment()['ORT_DISABLE_TELEMETRY'], process.env['ORT_DISABLE_TELEMETRY'] ?? '1')
})
