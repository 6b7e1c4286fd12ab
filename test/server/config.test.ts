import t from 'tap'
import { configHelp, configSchema, readConfig } from '../../server/config.ts'
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
