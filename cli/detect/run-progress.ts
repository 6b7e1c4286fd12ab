import type { Progress } from '../../bulk/run/run-images.ts'
import type { Io } from '../io.ts'
import { BAR_AND_TEXT, ProgressBar, TEXT_ONLY } from '../progress-bar.ts'
import { timeText } from '../train/progress.ts'

/** Milliseconds between lines where there is no terminal. */
const LINE_INTERVAL = 10_000

/** Shows how far a run is: a bar on a terminal, a line now and then elsewhere, nothing with --quiet. */
export class RunProgress {
  readonly #io: Io
  readonly #timer: NodeJS.Timeout | undefined
  readonly #started = performance.now()
  #bar: ProgressBar | undefined
  #total: number | undefined
  #latest: Readonly<Progress> = { done: 0, failed: 0, skipped: 0 }

  constructor (io: Io, interval = LINE_INTERVAL) {
    this.#io = io
    if (!io.stderr.isTTY && !io.quiet) this.#timer = setInterval(() => io.stderr.write(`${this.#text()}\n`), interval)
  }

  /** The number of images, once it is known. */
  setTotal (total: number): void {
    this.#total = total
    this.#bar?.stop()
    this.#bar = undefined
  }

  readonly update = (progress: Readonly<Progress>): void => {
    this.#latest = progress
    this.#bar ??= new ProgressBar(this.#total ?? 1, this.#io, { format: this.#total === undefined ? TEXT_ONLY : BAR_AND_TEXT })
    this.#bar.show(countOf(progress), () => this.#text())
  }

  /** Whether it shows anything. */
  get isHidden (): boolean { return this.#io.quiet === true }

  /** A line above the bar. */
  note (line: string): void {
    this.#bar?.stop()
    this.#bar = undefined
    if (!this.isHidden) this.#io.stderr.write(`${line}\n`)
  }

  stop (): void {
    clearInterval(this.#timer)
    this.#bar?.stop()
  }

  #text (): string { return progressText(this.#latest, (performance.now() - this.#started) / 1000, this.#total) }
}

const countOf = ({ done, failed, skipped }: Progress): number => done + failed + skipped

/** `1200 of 5000 images, 24.1/s, 3 failed, 900 done before, 2 min 38 s to go` */
export function progressText (progress: Readonly<Progress>, seconds: number, total?: number): string {
  const { done, failed, skipped } = progress
  const rate = (done + failed) / seconds
  const left = total === undefined ? undefined : Math.max(0, total - countOf(progress))
  return [
    `${countOf(progress)}${total === undefined ? '' : ` of ${total}`} images`,
    ...rate > 0 ? [`${rate.toFixed(1)}/s`] : [],
    ...failed > 0 ? [`${failed} failed`] : [],
    ...skipped > 0 ? [`${skipped} done before`] : [],
    ...left !== undefined && rate > 0 ? [`${timeText(left / rate)} to go`] : []
  ].join(', ')
}
