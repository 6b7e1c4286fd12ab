/** Fenced blocks of Markdown pages, with the invisible comments that mark what is run and what it prints. */

/** A fenced block. */
export interface Fence {
  readonly language: string
  readonly text: string
  /** Line of the opening fence, from 1. */
  readonly line: number
  /** The HTML comment on the line before the fence. */
  readonly mark: string | undefined
}

/** What happens to a block that could be run. */
export type Mark =
  | { readonly run: 'test' | 'ci', readonly env: Readonly<Record<string, string>> }
  | { readonly run: 'never', readonly reason: string }

/** A block to run, and the block that states its output. */
export interface Step {
  readonly fence: Fence
  readonly run: 'test' | 'ci'
  readonly env: Readonly<Record<string, string>>
  readonly output: Fence | undefined
}

const FENCE = /^```(\w*).*\n([^]*?)^```$/gm
const COMMENT = /<!-- (.*?) -->$/
const MARK = /^(run in CI|run)(?:, server with ((?:[A-Z_]+=\S+ ?)+))?$/
const NOT_RUN = /^not run: (.+)$/
const RUNNABLE = ['sh', 'js', 'python']

export const isRunnable = ({ language }: Fence): boolean => RUNNABLE.includes(language)
export const isOutput = ({ mark }: Fence): boolean => mark === 'output'

/** All fenced blocks of a page, in order. Indented fences are not blocks. */
export const fencesOf = (page: string): Fence[] => [...page.matchAll(FENCE)].map(({ 1: language, 2: text, index }) => {
  const before = page.slice(0, index)
  return { language: language!, text: text!, line: before.split('\n').length, mark: COMMENT.exec(before.trimEnd())?.[1] }
})

/** The mark of a block that could be run; undefined if it has none, or one that is misspelled. */
export function markOf ({ mark = '' }: Fence): Mark | undefined {
  const reason = NOT_RUN.exec(mark)?.[1]
  if (reason !== undefined) return { run: 'never', reason }
  const match = MARK.exec(mark)
  if (match === null) return undefined
  const pairs = match[2]?.trim().split(' ').map(pair => pair.split('=') as [string, string]) ?? []
  return { run: match[1] === 'run' ? 'test' : 'ci', env: Object.fromEntries(pairs) }
}

/** The blocks of a page that are run, each with the output that follows it. */
export function stepsOf (page: string): Step[] {
  const fences = fencesOf(page)
  return fences.flatMap((fence, i) => {
    const mark = isRunnable(fence) ? markOf(fence) : undefined
    if (mark === undefined || mark.run === 'never') return []
    const next = fences[i + 1]
    return [{ fence, run: mark.run, env: mark.env, output: next !== undefined && isOutput(next) ? next : undefined }]
  })
}

/**
 * Blocks that nobody decided about: runnable ones without a mark, and outputs that follow a block that is run but are
 * neither marked as its output nor as `not checked: reason`.
 */
export function undecided (page: string): Fence[] {
  const fences = fencesOf(page)
  return fences.filter((fence, i) => {
    if (isRunnable(fence)) return markOf(fence) === undefined
    const before = fences[i - 1]
    const run = before !== undefined && isRunnable(before) ? markOf(before)?.run : undefined
    const followsRun = run === 'test' || run === 'ci'
    const mayBeOutput = ['', 'json'].includes(fence.language) && !fence.mark?.startsWith('not checked: ')
    return followsRun ? mayBeOutput && !isOutput(fence) : isOutput(fence)
  })
}
