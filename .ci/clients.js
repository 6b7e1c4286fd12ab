/** Runs clients of other servers against this one, as a user starts it: all find the person and the tie. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { end, killGroup, output, start } from './server.js'

const CLIENTS = fileURLToPath(new URL('clients/', import.meta.url))
/** Debian's, which python3-requests and python3-boto3 are for; isolated, it has no others. */
const PYTHON = ['/usr/bin/python3', '-I']
/** Milliseconds for a client, and for their installation. */
const PATIENCE = 60_000
const INSTALLATION = 300_000
/** The server is on this machine: no proxy leads to it. */
const ENV = { ...process.env, NO_PROXY: '*', no_proxy: '*' }

export const PHOTO = fileURLToPath(new URL('../node_modules/nanodet-m-416-tfjs/assets/sample-me.jpg', import.meta.url))

/** Loads a client that clients/package.json has. */
export const require = createRequire(`${CLIENTS}package.json`)

/**
 * Starts the server, calls `check` with its address, and ends it, however that goes.
 * @param args the server's
 */
export async function withServer (args, check) {
  if (!isInstalled()) run('npm', ['ci', '--prefix', CLIENTS, '--ignore-scripts', '--loglevel=error'], INSTALLATION)
  const server = start(process.execPath, ['dist/server/main.js', ...args])
  try {
    const [base] = /http:\S+/.exec((await server.logged(/listening at/)).msg)
    await server.logged(/^ready$/)
    await check(base)
    assert.equal(await end(server, 'SIGTERM'), 'exit 0')
  } catch (error) {
    console.error(output(server))
    throw error
  } finally {
    killGroup(server)
  }
}

/** Runs clients/{name}.py, which prints the labels that it has found. */
export function runPython (name, base) {
  const [python, ...options] = PYTHON
  report(name, JSON.parse(run(python, [...options, `${CLIENTS}${name}.py`, base, PHOTO])))
}

/** @returns what the command prints. @throws where it fails, or takes too long */
export const run = (command, args, timeout = PATIENCE) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: ENV, timeout })

/** Prints what a client has found, and checks it. */
export function report (name, labels) {
  console.log(`${name}: ${labels.join(', ')}`)
  assert.deepEqual(labels, ['person', 'tie'], name)
}

/** npm writes this file last: an installation that was broken off, or is older than the lock, is done again. */
function isInstalled () {
  const written = statSync(`${CLIENTS}node_modules/.package-lock.json`, { throwIfNoEntry: false })
  return written !== undefined && written.mtimeMs >= statSync(`${CLIENTS}package-lock.json`).mtimeMs
}
