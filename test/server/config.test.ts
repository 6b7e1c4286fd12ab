import t from 'tap'
import { configHelp, configSchema, misspelled, readConfig } from '../../server/config.ts'
import { source } from '../support/files.ts'

t.test('what is not set has a default', async t => {
  t.match(readConfig({}), { HOST: '127.0.0.1', PORT: 8080, LOG_LEVEL: 'info', THREADS: 1 })
  t.ok(readConfig({}).WORKERS >= 1)
  t.equal(readConfig({ PORT: '' }).PORT, 8080, 'empty is unset')
})

t.test('values are read', async t => {
  t.match(readConfig({ PORT: '0', WORKERS: '3', LOG_LEVEL: 'warn', HOME: '/root' }), { PORT: 0, WORKERS: 3, LOG_LEVEL: 'warn' })
})

t.test('every wrong variable is named, a line each', async t => {
  t.throws(() => readConfig({ PORT: '70000', WORKERS: 'many', LOG_LEVEL: 'loud' }), {
    name: 'ConfigError',
    message: /^PORT: .*\nLOG_LEVEL: .*\nWORKERS: .*$/
  })
})

t.test('times are no longer than timers can wait', async t => {
  t.throws(() => readConfig({ JOB_TIMEOUT: '3000000000' }), { name: 'ConfigError', message: /^JOB_TIMEOUT: .*2147483647/ })
})

t.test('docs/configuration.md lists every variable and no other', async t => {
  const documented = [...source('docs/configuration.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  t.same(documented.toSorted(), Object.keys(configSchema.shape).toSorted())
  for (const [name, { description }] of Object.entries(configSchema.shape)) {
    t.ok(source('docs/configuration.md').includes(description!), `${name} is described as in the schema`)
  }
})

t.test('--help names every variable, its default and what it is for', async t => {
  for (const [name, { description }] of Object.entries(configSchema.shape)) {
    t.ok(configHelp().includes(`  ${name} (`), name)
    t.ok(configHelp().includes(description!), name)
  }
})

t.test('lists', async t => {
  t.same(readConfig({ API_KEYS: 'one, two,' }).API_KEYS, ['one', 'two'])
  t.same(readConfig({}).API_KEYS, [])
})

t.test('a list that holds nothing is refused: it would open the server', async t => {
  for (const name of ['API_KEYS', 'ADMIN_KEYS', 'CORS_ORIGIN']) {
    for (const value of [',', ' ', ' , ,']) t.throws(() => readConfig({ [name]: value }), { message: new RegExp(`^${name}: expected at least one item`) })
  }
})

t.test('dialects are named', async t => {
  t.same(readConfig({ DIALECTS: 'aws,deepstack' }).DIALECTS, ['aws', 'deepstack'])
  t.same(readConfig({ DIALECTS: 'none' }).DIALECTS, ['none'])
  for (const mixed of ['none,aws', '*,none']) t.throws(() => readConfig({ DIALECTS: mixed }), { name: 'ConfigError' })
  t.throws(() => readConfig({ DIALECTS: 'aws,gopher' }), { message: /^DIALECTS: expected some of deepstack, / })
})

t.test('names much like a setting\'s', async t => {
  t.same(misspelled({ API_KEY: 'x', ADMIN_KEY: 'x', MAX_BODY_BYTE: '1', RATELIMIT: '1' }),
    [['API_KEY', 'API_KEYS'], ['ADMIN_KEY', 'ADMIN_KEYS'], ['MAX_BODY_BYTE', 'MAX_BODY_BYTES'], ['RATELIMIT', 'RATE_LIMIT']])
  t.same(misspelled({ API_KEYS: 'x', PATH: 'x', HOME: 'x', HOSTNAME: 'x', HOSTS: 'x', LOGNAME: 'x', NODE_ENV: 'x', TERM: 'x' }), [])
})

t.test('origins are origins', async t => {
  t.same(readConfig({ CORS_ORIGIN: 'https://a.example,http://localhost:3000' }).CORS_ORIGIN, ['https://a.example', 'http://localhost:3000'])
  t.same(readConfig({ CORS_ORIGIN: '*' }).CORS_ORIGIN, ['*'])
  for (const origin of ['null', 'a.example', 'https://a.example/', 'file:///']) t.throws(() => readConfig({ CORS_ORIGIN: origin }), { message: /^CORS_ORIGIN: expected origins/ })
})
