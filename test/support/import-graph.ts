/** What imports what, and where that goes round in circles. */
import { dirname, join } from 'node:path'

/** For each place, the places that it points to. */
export type Imports = ReadonlyMap<string, readonly string[]>

/** What a file's text imports or exports from, types too. */
export function importsIn (text: string): string[] {
  const pattern = /^(?:import|export)[^'\n]*(?:\n[^']*?)? from '([^']+)'|^import '([^']+)'/gm
  return [...text.matchAll(pattern)].map(([, from, bare]) => from ?? bare!)
}

/** Imports between the files of a list, by their paths. */
export function fileImports (paths: readonly string[], read: (path: string) => string): Imports {
  const targets = (path: string): string[] => importsIn(read(path)).map(target => join(dirname(path), target))
  return new Map(paths.map(path => [path, targets(path).filter(target => paths.includes(target))]))
}

/** The same between the folders that files lie in; those within one folder are left out. */
export function folderImports (files: Imports): Imports {
  const folders = new Map<string, Set<string>>()
  for (const [path, targets] of files) {
    const from = dirname(path)
    const others = targets.map(target => dirname(target)).filter(folder => folder !== from)
    folders.set(from, new Set([...folders.get(from) ?? [], ...others]))
  }
  return new Map([...folders].map(([folder, others]) => [folder, [...others]]))
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
