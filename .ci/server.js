/** Starts the server as a user would, reads its log, and tells which of its processes are there. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ENV = { ...process.env, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info' }
const PATIENCE = 60_000
const PATIENCE_AFTER_END = 5000

/**
 * @param env settings besides the usual ones
 * @returns the process; the log's lines, parsed, and other lines it wrote; `ended`, a promise of its code and signal;
 * and `logged(pattern)`, which waits for a line with that message or event
 */
export function start (command, args, env = {}) {
  // Detached it leads a process group, by which its processes are found when it has ended.
  const child = spawn(command, args, { cwd: ROOT, env: { ...ENV, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const lines = []
  const others = []
  const read = line => line.startsWith('{') ? lines.push(JSON.parse(line)) : others.push(line)
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', read)
  const logged = message => poll(() => lines.find(({ msg, event }) => message.test(msg) || message.test(event)), () => `no ${message} in the log`)
  return { child, lines, others, ended: once(child, 'exit'), logged }
}

/**
 * Sends the signal to the process, waits for its end, and checks that nothing it started is left.
 * @returns how it ended: `exit 0`, `SIGTERM`
 */
export async function end ({ child, ended }, signal) {
  const started = new Set(family(child.pid).map(({ pid }) => pid))
  child.kill(signal)
  await poll(() => child.exitCode !== null || child.signalCode !== null, () => `${signal} does not end it`)
  const isLeft = ({ pid, group, state }) => (group === child.pid || started.has(pid)) && !state.startsWith('Z')
  const left = () => processes().filter(isLeft)
  await poll(() => left().length === 0, () => `left: ${left().map(({ command }) => command)}`, PATIENCE_AFTER_END)
  const [code, by] = await ended
  return by ?? `exit ${code}`
}

/** Ends what is left, so that a failed check leaves nothing. */
export function killGroup ({ child }) {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** Everything it wrote. */
export const output = ({ lines, others }) => [...others, ...lines.map(line => JSON.stringify(line))].join('\n')

/** What the condition returns once that is truthy. @throws an error that says `problem` when patience, in ms, is out */
async function poll (condition, problem, patience = PATIENCE) {
  for (const start = performance.now(); performance.now() - start < patience; await wait(20)) {
    const value = condition()
    if (value) return value
  }
  throw new Error(problem())
}

/** A process and its descendants. */
function family (pid) {
  const all = processes()
  const members = all.filter(process => process.pid === pid)
  for (const { pid } of members) members.push(...all.filter(({ parent }) => parent === pid))
  return members
}

function processes () {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,args='], { encoding: 'utf8' })
  return [...stdout.matchAll(/^ *(\d+) +(\d+) +(\d+) +(\S+) +(.*)$/gm)]
    .map(([, pid, parent, group, state, command]) => ({ pid: +pid, parent: +parent, group: +group, state, command }))
}
