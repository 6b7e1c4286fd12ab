import { printable } from '../../engine/printable.ts'
import { firstOf } from '../eval/problems.ts'
import { counted } from '../../engine/numbers.ts'

const SHOWN = 3

/** What was found wrong or odd in the data, by kind: a line each, with the first places. */
export class Findings {
  readonly #places = new Map<string, string[]>()

  /**
   * @param noun of what has the problem, whose plural ends in s: `annotation`
   * @param problem as it follows the noun: `has no area`; with a slash between singular and plural, `has/have no area`
   */
  add (noun: string, problem: string, place: string): void {
    const key = `${noun}\n${problem}`
    const places = this.#places.get(key)
    const shown = printable(place) // names of files may have line breaks
    if (places) places.push(shown)
    else this.#places.set(key, [shown])
  }

  /** One sentence that stands alone. */
  say (sentence: string): void { this.#places.set(sentence, []) }

  /** `2 annotations have no area: a.jpg …, b.jpg …` */
  get lines (): string[] { return [...this.#places].map(([key, places]) => lineOf(key, places)) }
}

function lineOf (key: string, places: readonly string[]): string {
  const [noun, problem] = key.split('\n') as [string, string?]
  if (problem === undefined) return noun
  const words = problem.replaceAll(/(\w+)\/(\w+)/g, places.length === 1 ? '$1' : '$2')
  const shown = places.length > SHOWN ? `${places.slice(0, SHOWN).join(', ')} and ${places.length - SHOWN} more` : firstOf(places)
  return `${counted(places.length, noun)} ${words}: ${shown}`
}
