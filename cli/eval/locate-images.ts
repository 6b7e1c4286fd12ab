/** Finds the images that annotation tools name by other paths than those of their files. */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { counted } from '../../engine/numbers.ts'
import { groupBy } from '../../nn/group-by.ts'
import { CommandError } from '../errors.ts'
import type { Dataset } from './ground-truth.ts'
import { filesBelow } from './image-files.ts'

/** Label Studio puts eight hexadecimal digits before the names of uploaded files. */
const UPLOADED = /^[0-9a-f]{8}-(?=.)/

/**
 * The data set with the paths of its images below a folder. Exact paths come first; then URLs, encoded names and folders of the tool are
 * taken off. Images that are not found keep their name.
 * @throws CommandError if two images would be the same file
 */
export async function locateImages (folder: string, dataset: Dataset): Promise<Dataset> {
  const names = [...new Set(dataset.images.map(({ file_name: name }) => name))].filter(name => !existsSync(join(folder, name)))
  if (names.length === 0 || !existsSync(folder)) return dataset
  const find = finder(await filesBelow(folder))
  const found = new Map(names.flatMap(name => {
    const file = find(name)
    return file === undefined || file === name ? [] : [[name, file] as const]
  }))
  checkUnique(found, new Set(dataset.images.map(({ file_name: name }) => name)))
  if (found.size === 0) return dataset
  const note = `${counted(found.size, 'image')} named by another path, found as ${found.values().next().value!} and the like`
  const images = dataset.images.map(image => ({ ...image, file_name: found.get(image.file_name) ?? image.file_name }))
  return { ...dataset, images, notes: [...dataset.notes, note] }
}

/** Finds a file by one of the paths that a name may stand for; also in a folder that the name leaves out, if only one has it. */
function finder (files: readonly string[]): (name: string) => string | undefined {
  const all = new Set(files)
  const byName = groupBy(files, file => basename(file))
  return name => {
    const paths = pathsOf(name)
    const below = (path: string): string[] => (byName.get(basename(path)) ?? []).filter(file => file.endsWith(`/${path}`))
    return paths.find(path => all.has(path)) ?? paths.map(below).find(({ length }) => length === 1)?.[0]
  }
}

/** Paths that a name may stand for, the longest first. */
export function pathsOf (name: string): string[] {
  const local = /[?&]d=([^&#]+)/.exec(name)?.[1]
  const path = decoded(local ?? name.replace(/[?#].*$/, '')).replaceAll('\\', '/').replace(/^\w+:\/\/[^/]*/, '')
  const parts = path.split('/').filter(part => part !== '' && part !== '.')
  return parts.flatMap((_, i) => {
    const folders = parts.slice(i, -1)
    const file = parts.at(-1)!
    return [...new Set([file, file.replace(UPLOADED, '')])].map(name => [...folders, name].join('/'))
  })
}

function decoded (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function checkUnique (found: ReadonlyMap<string, string>, exact: ReadonlySet<string>): void {
  const nameOf = new Map<string, string>()
  for (const [name, file] of found) {
    const other = nameOf.get(file) ?? (exact.has(file) ? file : undefined)
    if (other !== undefined) throw new CommandError(`${other} and ${name} would both be ${file}: keep the folders of the data set`)
    nameOf.set(file, name)
  }
}
