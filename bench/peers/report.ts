import { counted } from '../../engine/numbers.ts'
import type { Ratio } from '../../cli/compare.ts'
import { range, show } from '../format.ts'
import { describeMachine, type Machine } from '../machine.ts'
import { markdownTable } from '../markdown.ts'
import type { Cost } from './costs.ts'
import type { JpegToBoxes } from './jpeg-to-boxes.ts'
import type { Part } from './peer.ts'

/** Results of a run. Names are those of the JSON report. */
export interface PeersReport {
  readonly machine: Machine
  readonly cpu_flags: readonly string[]
  /** Of programs and libraries, by name. */
  readonly versions: Readonly<Record<string, string>>
  readonly model: string
  readonly photos: number
  readonly turns: number
  readonly photos_per_turn: number
  readonly workers: number
  readonly peers: readonly Cost[]
  readonly jpeg_to_boxes: readonly JpegToBoxes[]
}

/** Instruction sets that networks run faster with, in the names of /proc/cpuinfo. */
const SHOWN_FLAGS = [
  'avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx_vnni', 'avx512_bf16', 'amx_int8', 'amx_bf16', 'asimd', 'asimddp', 'i8mm', 'bf16', 'sve'
]

const COLUMNS: Partial<Record<Part, string>> = {
  preprocess: 'decode and warp', normalize: 'normalize', network: 'network', boxes: 'boxes', all: 'all'
}

const LEGEND = 'Each ratio is to the bare pipeline in fp32, in the same turns, with the middle half in parentheses; ' +
  'ncnn\'s milliseconds are by the clock. OpenCV and the plain export stop at the predictions.'

/** A report in Markdown. */
export function peersToMarkdown (report: PeersReport): string {
  const { model, photos, turns, photos_per_turn: perTurn, workers, peers, jpeg_to_boxes: sums } = report
  const setup = `${model}; ${counted(photos, 'photo')}, ${counted(turns, 'turn')} of ${perTurn} each; one thread each, ` +
    `the server with ${counted(workers, 'worker')}`
  return `${[
    `${describeMachine(report.machine)}\n${describeSoftware(report)}\n${setup}`,
    tableOf(peers.filter(({ problem }) => problem === null)),
    LEGEND,
    ...bulletsOf(peers.flatMap(describePeer)),
    ...bulletsOf(sums.map(describeSum))
  ].join('\n\n')}\n`
}

function describeSoftware ({ cpu_flags: flags, versions }: PeersReport): string {
  const known = SHOWN_FLAGS.filter(flag => flags.includes(flag))
  return [`CPU flags: ${known.join(', ') || 'unknown'}`, ...Object.entries(versions).map(([name, version]) => `${name} ${version}`)].join('; ')
}

function tableOf (peers: readonly Cost[]): string {
  const right = Object.values(COLUMNS).map(name => [name, 'right'] as const)
  const columns = { 'CPU ms per photo': 'left', ...Object.fromEntries(right), 'network, ratio': 'right', 'all, ratio': 'right' } as const
  const rows = peers.map(({ name, cpu_ms: ms, network, all }) =>
    [name, ...Object.keys(COLUMNS).map(part => show(ms[part as Part])), showRatio(network), showRatio(all)])
  return markdownTable(columns, rows)
}

const showRatio = (ratio: Ratio | null): string => ratio ? `${ratio.ratio.toFixed(2)} (${range(ratio.spread, 2)})` : '–'

function describePeer ({ name, cpu_ms: { decode, warp }, max_difference: difference, problem }: Cost): string[] {
  if (problem !== null) return [`${name}: ${problem}`]
  const split = decode === null || warp === null ? [] : [`${name}: decode ${show(decode)} ms, warp ${show(warp)} ms`]
  const check = difference === null ? [] : [`${name}: predictions differ from onnxruntime's by ${difference.toPrecision(2)} or less for the same input`]
  return [...split, ...check]
}

const describeSum = ({ precision, ncnn, ratio, spread }: JpegToBoxes): string =>
  `JPEG to boxes, server in ${precision} under load ÷ (OpenCV's decode and warp + ncnn, ${ncnn}): ${ratio.toFixed(2)} (${range(spread, 2)})`

const bulletsOf = (lines: readonly string[]): string[] => lines.length > 0 ? [lines.map(line => `- ${line}`).join('\n')] : []
