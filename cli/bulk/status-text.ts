import type { Status } from '../../bulk/queue/status.ts'
import { printable } from '../../engine/printable.ts'
import { textTable } from '../text-table.ts'

const COLUMNS = { machine: 'left', workers: 'right', 'images/s': 'right', shard: 'right', images: 'right' } as const
const STATES = {
  empty: 'no run', planning: 'planning', running: 'running', merging: 'merging the shards', finished: 'finished'
} as const
const count = new Intl.NumberFormat('en-US')

/** A status for people. */
export function statusText (status: Status): string {
  const { queue, state, run, images, shards, machines, set_apart: setApart } = status
  if (!run) return `${queue}: no run; nanodet bulk plan adds one\n`
  const lines = [
    `${queue}: ${STATES[state]}; ${run.model} → ${printable(run.out)}`,
    `images: ${count.format(images.done)} of ${count.format(images.total)} done, ${failedText(images)}`,
    `shards: ${countsOf({ done: shards.done, active: shards.active, waiting: shards.waiting, 'set apart': shards.set_apart })}`,
    rateText(status)
  ]
  if (machines.length > 0) lines.push(machineTable(machines))
  return [...lines, ...setApart.map(setApartText)].map(line => `${line}\n`).join('')
}

const failedText = ({ failed, by_code: codes }: Status['images']): string =>
  `${count.format(failed)} failed${failed > 0 && Object.keys(codes).length > 0 ? ` (${countsOf(codes)})` : ''}`

const countsOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).map(([name, value]) => `${count.format(value)} ${name}`).join(', ')

function rateText ({ images_per_second: rate, eta_seconds: eta, seconds, machines }: Status): string {
  const parts = [`${rate.toFixed(1)} images/s`, `${machines.length} ${machines.length === 1 ? 'machine' : 'machines'}`, `${duration(seconds)} so far`]
  if (eta !== undefined) parts.push(`${duration(eta)} to go`)
  return parts.join(', ')
}

/** `3 h 12 min`, `42 s` */
export function duration (seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60]
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}

function machineTable (machines: Status['machines']): string {
  return textTable(COLUMNS, machines.map(({ host, pid, workers, imagesPerSecond, shard, done }) =>
    [`${host}:${pid}`, String(workers), imagesPerSecond.toFixed(1), shard === undefined ? '' : String(shard), shard === undefined ? '' : String(done)]))
}

/** Also for the log. */
export function setApartText ({ shard, reason, suspects }: Status['set_apart'][number]): string {
  const names = suspects.length > 0 ? `; in work each time: ${suspects.map(name => printable(name)).join(', ')}` : ''
  return `shard ${shard} was set apart: ${printable(reason)}${names}`
}
