import t from 'tap'
import { configHelp, configSchema, misspelled, problem, readConfig } from '../../server/config.ts'
import { source } from '../support/files.ts'

const WHOLE = /expected a whole number/
const BYTES = /expected a number of bytes of at least [01], such as 20971520, 20MB or 20MiB$/
const TIME = /expected a time from [01] to 2147483647 ms, such as 500, 500ms or 5s$/
const BOOLEAN = /expected true or false$/
const URLS = /expected a URL such as http:\/\/localhost:4318$/
const PAIRS = /expected pairs such as key=value, comma-separated and percent-encoded$/
const KEYS = /expected at least one key of printable ASCII characters; leave the variable unset for none$/

/** Variable, wrong value, and what its message has to say. */
const WRONG: ReadonlyArray<[variable: string, value: string, message: RegExp]> = [
  ['HOST', 'http://localhost', /expected a host name or an address of this machine/],
  ['HOST', 'localhost:8080', /expected a host name or an address/],
  ['HOST', '[::1]', /expected a host name or an address/],
  ['HOST', 'a b', /expected a host name or an address/],
  ['HOST', ' ', /expected a host name or an address/],
  ['PORT', 'abc', /expected a whole number from 0 to 65535$/],
  ['PORT', '70000', /expected a whole number from 0 to 65535$/],
  ['PORT', '-1', WHOLE],
  ['PORT', '80.5', WHOLE],
  ['PORT', '0x50', WHOLE],
  ['LOG_LEVEL', 'loud', /expected trace, debug, info, warn, error, fatal or silent$/],
  ['LOG_LEVEL', 'INFO', /expected trace, debug, info/],
  ['LOG_FORMAT', 'xml', /expected auto, json or pretty$/],
  ['LOG_LEVEL_NAMES', 'yes please', BOOLEAN],
  ['WORKERS', 'many', /expected a whole number from 1 to 256$/],
  ['WORKERS', '0', WHOLE],
  ['WORKERS', '257', WHOLE],
  ['THREADS', '1.5', WHOLE],
  ['THREADS', '-2', WHOLE],
  ['REQUEST_TIMEOUT', '0', TIME],
  ['REQUEST_TIMEOUT', 'soon', TIME],
  ['REQUEST_TIMEOUT', '5 parsecs', TIME],
  ['JOB_TIMEOUT', '3000000000', TIME],
  ['JOB_TIMEOUT', '-1', TIME],
  ['MAX_WORKER_MEMORY', '2 gigs', BYTES],
  ['MAX_WORKER_MEMORY', '-1', BYTES],
  ['MAX_QUEUE', 'long', WHOLE],
  ['MAX_QUEUE', '1e3', WHOLE],
  ['MAX_QUEUE_BYTES', '128MiBs', BYTES],
  ['MAX_BODY_BYTES', '0', BYTES],
  ['MAX_BODY_BYTES', '20XB', BYTES],
  ['MAX_BODY_BYTES', 'MB', BYTES],
  ['MAX_PIXELS', '0', WHOLE],
  ['MAX_PIXELS', '50 million', WHOLE],
  ['MAX_FEATURE_BYTES', '1,5MB', BYTES],
  ['MAX_CONNECTIONS', '0', WHOLE],
  ['MAX_CONNECTIONS', 'Infinity', WHOLE],
  ['RECEIVE_TIMEOUT', 'never', TIME],
  ['RECEIVE_TIMEOUT', '1h30m', TIME],
  ['KEEP_ALIVE_TIMEOUT', '72 s.', TIME],
  ['SHUTDOWN_TIMEOUT', '30d', TIME],
  ['FEEDBACK_MAX_BYTES', '0', BYTES],
  ['WATCH_MODELS', 'maybe', BOOLEAN],
  ['WATCH_MODELS', 'true', /needs MODELS_DIR/],
  ['PRELOAD', ',', /expected at least one item; leave the variable unset for none$/],
  ['PRECISION', 'fp16', /expected fp32 or int8$/],
  ['MAX_LOADED_MODELS', '0', WHOLE],
  ['DIALECTS', 'aws,gopher', /expected names from deepstack, .*; or \*, or none$/],
  ['DIALECTS', 'none,aws', /expected names from/],
  ['DIALECTS', '*,none', /expected names from/],
  ['DIALECTS', ' ', /expected names from/],
  ['API_KEYS', ',', KEYS],
  ['API_KEYS', ' , ,', KEYS],
  ['API_KEYS', 'schlüssel', KEYS],
  ['ADMIN_KEYS', ',', KEYS],
  ['ADMIN_KEYS', 'a\nb', KEYS],
  ['RATE_LIMIT', 'none', WHOLE],
  ['RATE_LIMIT', '-5', WHOLE],
  ['ALLOWED_HOSTS', 'https://detect.example.com', /expected host names such as detect\.example\.com, without scheme or port; or \*$/],
  ['ALLOWED_HOSTS', 'detect.example.com:443', /expected host names/],
  ['ALLOWED_HOSTS', ',', /expected host names/],
  ['CORS_ORIGIN', 'a.example', /expected origins such as https:\/\/example\.com, without a path; or \*$/],
  ['CORS_ORIGIN', 'https://a.example/', /expected origins/],
  ['CORS_ORIGIN', 'null', /expected origins/],
  ['CORS_ORIGIN', 'file:///', /expected origins/],
  ['CORS_ORIGIN', 'https://a.example:port', /expected origins/],
  ['TRUST_PROXY', 'true', /expected addresses or networks of your proxies, such as 127\.0\.0\.1 or 10\.0\.0\.0\/8; or loopback, linklocal, uniquelocal$/],
  ['TRUST_PROXY', '1', /expected addresses/],
  ['TRUST_PROXY', '10.0.0.0/33', /expected addresses/],
  ['TRUST_PROXY', '::1/129', /expected addresses/],
  ['TRUST_PROXY', '10.0.0.0/8/8', /expected addresses/],
  ['TRUST_PROXY', 'proxy.example.com', /expected addresses/],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318', URLS],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://local host:4318', URLS],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://localhost:4317', URLS],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://', URLS],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'api-key', PAIRS],
  ['OTEL_EXPORTER_OTLP_HEADERS', '=secret', PAIRS],
  ['OTEL_RESOURCE_ATTRIBUTES', 'team=vision,region', PAIRS],
  ['OTEL_RESOURCE_ATTRIBUTES', 'team=100%', PAIRS],
  ['OTEL_SERVICE_NAME', 'x'.repeat(256), /expected a name of at most 255 characters$/],
  ['OTEL_TRACES_SAMPLER', 'sometimes', /expected always_on, always_off, traceidratio, .* or parentbased_traceidratio$/],
  ['OTEL_TRACES_SAMPLER_ARG', ' ', /expected a number from 0 to 1$/],
  ['OTEL_TRACES_SAMPLER_ARG', '2', /expected a number from 0 to 1$/],
  ['OTEL_TRACES_SAMPLER_ARG', 'half', /expected a number from 0 to 1$/],
  ['OTEL_SDK_DISABLED', 'on', BOOLEAN],
  ['EXECUTION_PROVIDERS', 'gpu', /expected names from cpu, cuda, tensorrt, .*such as cuda:1$/],
  ['EXECUTION_PROVIDERS', 'cpu:1', /expected names/],
  ['MAX_BATCH', '65', /from 1 to 64/]
]

const SECRET = ['API_KEYS', 'ADMIN_KEYS', 'OTEL_EXPORTER_OTLP_HEADERS']

function messageOf (env: Record<string, string>): string {
  try {
    readConfig(env)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

t.test('every wrong value is one line that names the variable, the value and what is possible', async t => {
  t.ok(WRONG.length >= 60)
  for (const [variable, value, expected] of WRONG) {
    const message = messageOf({ [variable]: value })
    t.match(message, expected, `${variable}=${value}`)
    t.equal(message.split('\n').length, 1)
    t.ok(message.startsWith(SECRET.includes(variable) ? `${variable}: the value is` : `${variable}: "${value.slice(0, 100)}`), message)
  }
})

t.test('secrets are never shown', async t => {
  for (const name of SECRET) t.notMatch(messageOf({ [name]: 'gehe\u00efm' }), /gehe/)
  t.notMatch(messageOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://user:gehe@im@host/path' }), /gehe/)
  t.equal(problem('API_KEYS', 'abc', 'expected keys'), 'API_KEYS: the value is invalid; expected keys')
})

t.test('all wrong variables are named, one line each', async t => {
  t.match(messageOf({ PORT: '70000', WORKERS: 'many', LOG_LEVEL: 'loud' }), /^PORT: .*\nLOG_LEVEL: .*\nWORKERS: .*$/)
})

t.test('unset and empty variables have defaults', async t => {
  t.match(readConfig({}), { HOST: '127.0.0.1', PORT: 8080, LOG_LEVEL: 'info', LOG_FORMAT: 'auto', THREADS: 1, WATCH_MODELS: false })
  t.ok(readConfig({}).WORKERS >= 1)
  t.equal(readConfig({ PORT: '' }).PORT, 8080)
})

t.test('a device has one worker, and batches', async t => {
  t.match(readConfig({ EXECUTION_PROVIDERS: 'cuda:1, cpu' }), { EXECUTION_PROVIDERS: ['cuda:1', 'cpu'], WORKERS: 1, MAX_BATCH: 8 })
  t.match(readConfig({ EXECUTION_PROVIDERS: 'cuda', WORKERS: '2', MAX_BATCH: '4' }), { WORKERS: 2, MAX_BATCH: 4 })
  for (const EXECUTION_PROVIDERS of ['', 'cpu', 'cpu,cuda']) t.match(readConfig({ EXECUTION_PROVIDERS }), { WORKERS: readConfig({}).WORKERS, MAX_BATCH: 1 })
})

t.test('values are read', async t => {
  t.match(readConfig({ PORT: '0', WORKERS: '3', LOG_LEVEL: 'warn', HOME: '/root' }), { PORT: 0, WORKERS: 3, LOG_LEVEL: 'warn' })
  t.match(readConfig({ HOST: '::', MODELS_DIR: '/models', WATCH_MODELS: '1' }), { HOST: '::', MODELS_DIR: '/models', WATCH_MODELS: true })
  t.same(readConfig({ API_KEYS: 'one, two,' }).API_KEYS, ['one', 'two'])
  t.same(readConfig({ DIALECTS: 'aws,deepstack' }).DIALECTS, ['aws', 'deepstack'])
  t.same(readConfig({ DIALECTS: 'none' }).DIALECTS, ['none'])
  t.same(readConfig({ CORS_ORIGIN: 'https://a.example,http://localhost:3000' }).CORS_ORIGIN, ['https://a.example', 'http://localhost:3000'])
  t.same(readConfig({ TRUST_PROXY: '10.0.0.0/8, ::1, loopback' }).TRUST_PROXY, ['10.0.0.0/8', '::1', 'loopback'])
  t.match(readConfig({ MAX_BODY_BYTES: '20MB', JOB_TIMEOUT: '5s' }), { MAX_BODY_BYTES: 20_000_000, JOB_TIMEOUT: 5000 })
})

t.test('docs/configuration.md has every variable and no other, described as in the schema', async t => {
  const documented = [...source('docs/configuration.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  t.same(documented.toSorted(), Object.keys(configSchema.shape).toSorted())
  for (const [name, { description }] of Object.entries(configSchema.shape)) t.ok(source('docs/configuration.md').includes(description!), name)
})

t.test('--help has every variable, its default and description', async t => {
  for (const [name, { description }] of Object.entries(configSchema.shape)) {
    t.ok(configHelp().includes(`  ${name} (`), name)
    t.ok(configHelp().includes(description!), name)
  }
})

t.test('misspelled settings', async t => {
  t.same(misspelled({ API_KEY: 'x', ADMIN_KEY: 'x', MAX_BODY_BYTE: '1', RATELIMIT: '1' }),
    [['API_KEY', 'API_KEYS'], ['ADMIN_KEY', 'ADMIN_KEYS'], ['MAX_BODY_BYTE', 'MAX_BODY_BYTES'], ['RATELIMIT', 'RATE_LIMIT']])
  t.same(misspelled({ API_KEYS: 'x', PATH: 'x', HOME: 'x', HOSTNAME: 'x', HOSTS: 'x', LOGNAME: 'x', NODE_ENV: 'x', TERM: 'x' }), [])
})
