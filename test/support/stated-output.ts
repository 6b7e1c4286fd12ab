/** Compares output as documentation states it with what a command prints. */

const TIMES: Array<[RegExp, string]> = [
  [/"(\w*_ms|\w*Ms|time)": ?[\d.]+/g, '"$1":0'],
  [/\bms: .*/g, 'ms: 0'],
  [/\b[\d.]+ (ms|s)\b/g, '0 $1']
]
const TOKEN = /…|-?\d+(?:\.\d+)?(?:e-?\d+)?|[\p{L}_]+|[^\s\p{L}\d]/gu
const ANYTHING = '…'
const ABSOLUTE = 0.011
const RELATIVE = 0.005

const tokens = (text: string): string[] => TIMES.reduce((text, [times, zero]) => text.replace(times, zero), text).match(TOKEN) ?? []

/** Decimals may differ by 0.5 % or 0.01; everything else has to be equal. */
function matches (stated: string, printed: string): boolean {
  if (stated === printed) return true
  const [a, b] = [Number(stated), Number(printed)]
  const isDecimal = /\./.test(stated + printed) && !Number.isNaN(a) && !Number.isNaN(b)
  return isDecimal && Math.abs(a - b) <= Math.max(ABSOLUTE, RELATIVE * Math.abs(b))
}

/**
 * Where the printed text leaves the stated one. White space does not count, nor do times; `…` stands for anything.
 * @returns undefined if the texts agree, else the last part that agrees and what follows on both sides
 */
export function difference (stated: string, printed: string): string | undefined {
  const [wanted, found] = [tokens(stated), tokens(printed)]
  let [i, j, star, from, furthest] = [0, 0, -1, 0, 0]
  while (j < found.length || i < wanted.length) {
    if (wanted[i] === ANYTHING) {
      [star, from] = [++i, j]
      if (i === wanted.length) return undefined
    } else if (i < wanted.length && j < found.length && matches(wanted[i]!, found[j]!)) {
      furthest = Math.max(furthest, ++i)
      j++
    } else if (star >= 0 && from < found.length) {
      [i, j] = [star, ++from]
    } else {
      return `after ${wanted.slice(Math.max(0, furthest - 8), furthest).join(' ')}: stated ${wanted.slice(furthest, furthest + 6).join(' ')}`
    }
  }
  return undefined
}
