import { counted } from '../../engine/numbers.ts'
import { CommandError } from '../errors.ts'

const SHOWN = 10

/** The first items of a list as one line: `a, b and 7 more`. */
export function firstOf (items: readonly string[], separator = ', '): string {
  const shown = items.slice(0, SHOWN).join(separator)
  return items.length > SHOWN ? `${shown} and ${items.length - SHOWN} more` : shown
}

/** @throws CommandError with the first problems, if any */
export function throwProblems (problems: readonly string[]): void {
  if (problems.length > 0) throw new CommandError(firstOf(problems, '; '))
}

/** `nanodet-m-416: 128 images in 5.5 s, 43.2 ms per image` */
export function duration (model: string, images: number, seconds: number): string {
  const perImage = (seconds * 1000 / images).toFixed(1)
  return `${model}: ${counted(images, 'image')} in ${seconds.toFixed(1)} s, ${perImage} ms per image`
}
