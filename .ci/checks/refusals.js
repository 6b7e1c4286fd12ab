// Clients that are refused while they send read their 503: curl and Python's requests, with bodies of 170 KB and 20 MB, asking first
// and not, one after the other on one connection where they keep it, and several at a time. Node's clients have a unit test.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startServer } from '../../dist/cli/load/server-process.js'

const run = promisify(execFile)
const SERVER = new URL('../../dist/bench/scale/sleeping-server.js', import.meta.url).pathname
const TIMES = 10
const START_OF_JPEG = [0xff, 0xd8, 0xff]
const PYTHON = `
import sys, concurrent.futures, requests
url, path, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
body = open(path, 'rb').read()
session = requests.Session()
codes = [session.post(url, data=body, timeout=30).json()['code'] for _ in range(times)]
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    codes += pool.map(lambda _: requests.post(url, data=body, timeout=30).json()['code'], range(times))
print(codes.count('OVERLOADED'), len(codes))
`

const folder = mkdtempSync(join(tmpdir(), 'refusals-'))
const server = await startServer({ WORKERS: '1', SLEEP_MS: '600000', MAX_QUEUE: '0', REQUEST_TIMEOUT: '600000', JOB_TIMEOUT: '600000' }, SERVER)
let failed = 0

function check (name, refused, of) {
  if (refused !== of) failed++
  console.log(`${refused === of ? 'ok' : 'NOT OK'}: ${name}: ${refused} of ${of} read their 503`)
}

async function curl (url, file, headers) {
  const requests = Array.from({ length: TIMES }, () => ['--next', '-s', '-o', '-', '-w', '\n%{http_code}\n', ...headers, '--data-binary', `@${file}`, url]).flat().slice(1)
  const { stdout } = await run('curl', requests, { maxBuffer: 2 ** 26 }).catch(error => error)
  check(`curl ${headers.join(' ')} ${file.split('-').at(-1)}`, stdout.split('\n').filter(line => line === '503').length, TIMES)
}

try {
  const url = `${server.base}/detect`
  fetch(url, { method: 'POST', body: Buffer.from(START_OF_JPEG) }).catch(() => {}) // keeps the worker busy
  while (!(await (await fetch(`${server.base}/metrics`)).text()).includes('nanodet_workers_busy 1\n'));
  for (const bytes of [170_000, 20_000_000]) {
    const file = join(folder, `body-${bytes}`)
    writeFileSync(file, Buffer.concat([Buffer.from(START_OF_JPEG), Buffer.alloc(bytes - START_OF_JPEG.length)]))
    for (const headers of [[], ['-H', 'Expect: 100-continue'], ['-H', 'Expect:'], ['-H', 'Connection: close']]) await curl(url, file, headers)
    const { stdout } = await run('/usr/bin/python3', ['-c', PYTHON, url, file, String(TIMES)]).catch(error => ({ stdout: error.stderr }))
    const [refused, of] = stdout.trim().split(' ').map(Number)
    check(`requests ${bytes}`, refused, of)
    if (!(refused === of)) console.log(stdout)
  }
} finally {
  await server.end()
  rmSync(folder, { recursive: true })
}
process.exitCode = failed
