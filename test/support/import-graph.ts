/** What imports what, and where that goes round in circles. */
import { dirname, join } from 'node:path'

/** For each place, the places that it points to. */
export type Imports = ReadonlyMap<string, readonly string[]>

/** What a file's text imports or exports from; without `types` only what is loaded when it runs. */
export function importsIn (text: string, { types = true } = {}): string[] {
  const pattern = /^(?:import|export)( type)?[^'\n]*(?:\n[^']*?)? from '([^']+)'|^import '([^']+)'/gm
  return [...text.matchAll(pattern)].filter(([, type]) => types || type === undefined).map(([, , from, bare]) => from ?? bare!)
}

/** Imports between the files of a list, by their paths. */
export function fileImports (paths: readonly string[], read: (path: string) => string, options = { types: true }): Imports {
  const targets = (path: string): string[] => importsIn(read(path), options).map(target => join(dirname(path), target))
  return new Map(paths.map(path => [path, targets(path).filter(target => paths.includes(target))]))
}

/** The same between parts: the folders inside top folders, each with all that it holds, and the files beside them. */
export function partImports (files: Imports): Imports {
  const parts = new Map<string, Set<string>>()
  for (const [path, targets] of files) {
    const others = targets.map(partOf).filter(part => part !== partOf(path))
    parts.set(partOf(path), new Set([...parts.get(partOf(path)) ?? [], ...others]))
  }
  return new Map([...parts].map(([part, others]) => [part, [...others]]))
}

const partOf = (path: string): string => path.split('/').length > 2 ? path.split('/').slice(0, 2).join('/') : path

/** A file and all that it imports, by whatever way. */
export function reachedFrom (start: string, imports: Imports): string[] {
  const reached = new Set([start])
  for (const path of reached) for (const target of imports.get(path) ?? []) reached.add(target)
  return [...reached]
}

/**
 * The circles that following the imports leads into, each as the way round, `[a, b, a]`. One at least is found if
 * there are any.
 */
export function circlesIn (imports: Imports): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  const visit = (place: string, way: readonly string[]): void => {
    if (way.includes(place)) circles.push([...way.slice(way.indexOf(place)), place])
    if (done.has(place) || way.includes(place)) return
    for (const next of imports.get(place) ?? []) visit(next, [...way, place])
    done.add(place)
  }
  for (const place of imports.keys()) visit(place, [])
  return circles
}
