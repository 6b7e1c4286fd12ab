import { join } from 'node:path'
import { FAILED, RESULTS } from '../../bulk/run/results-file.ts'
import type { Ran } from '../../bulk/run/run-images.ts'
import type { Io } from '../io.ts'
import { timeText } from '../train/progress.ts'

/** How a run ended. */
export interface Ending {
  readonly folder: string
  readonly json: boolean
  readonly ran: Ran
  /** Paths of the results. */
  readonly files: readonly string[]
  readonly seconds: number
  readonly isInterrupted: boolean
}

/** States what a run has done, and how to continue if it was interrupted. */
export function sayEnding (io: Io, ending: Ending): void {
  io.stdout.write(ending.json ? `${JSON.stringify(toJson(ending))}\n` : toText(ending))
  if (ending.isInterrupted) io.stderr.write('Interrupted; every finished image has its line. The same command continues.\n')
}

function toJson ({ ran: { done, failed, skipped, summary }, folder, files, seconds, isInterrupted }: Ending): object {
  return {
    out: folder,
    images: summary.images,
    failed: summary.failed,
    by_code: summary.byCode,
    this_run: { done, failed, skipped, seconds: Number(seconds.toFixed(1)) },
    interrupted: isInterrupted,
    files
  }
}

function toText ({ ran: { done, failed, skipped, summary }, folder, files, seconds }: Ending): string {
  const rate = done + failed > 0 ? `, ${((done + failed) / seconds).toFixed(1)}/s` : ''
  const before = skipped > 0 ? `; ${skipped} ${skipped === 1 ? 'was' : 'were'} done before` : ''
  return [
    `${imagesText(done + failed)} in ${timeText(seconds)}${rate}${before}`,
    ...summary.failed > 0 ? [failuresText(summary, join(folder, FAILED))] : [],
    `${join(folder, RESULTS)} has ${linesText(summary.images)}`,
    ...files.slice(1),
    ''
  ].join('\n')
}

const imagesText = (count: number): string => `${count} ${count === 1 ? 'image' : 'images'}`
const linesText = (count: number): string => `${count} ${count === 1 ? 'line' : 'lines'}`

/** `50 failed: 30 CORRUPT_IMAGE, 20 UNREADABLE; see out/failed.jsonl` */
function failuresText ({ failed, byCode }: Ran['summary'], path: string): string {
  const codes = Object.entries(byCode).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([code, count]) => `${count} ${code}`)
  return `${failed} failed: ${codes.join(', ')}; see ${path}`
}
