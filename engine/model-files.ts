import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { groupBy } from '../nn/group-by.ts'

/** What is compared of the files of a models' folder, by path inside the folder. */
export type FileStates = ReadonlyMap<string, string>

/** The files of a folder and of the folders in it. Hidden files are left out, and so is what vanishes meanwhile. */
export async function fileStates (folder: string | undefined): Promise<FileStates> {
  if (folder === undefined) return new Map()
  const entries = await list(folder)
  const nested = await Promise.all(entries.map(async name => {
    const files = await list(join(folder, name))
    return files.map(file => join(name, file))
  }))
  const paths = [...entries, ...nested.flat()]
  const states = await Promise.all(paths.map(async path => [path, await stateOf(join(folder, path))] as const))
  return new Map(states.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
}

/** The state of each model's files: those with its name, and all in a folder that has its name or a file with it. */
export function statesOfModels (files: FileStates): (name: string) => string {
  const groups = groupBy(files.keys(), groupOf)
  const groupsOf = new Map<string, Set<string>>()
  for (const path of files.keys()) {
    for (const name of namesOf(path)) groupsOf.set(name, (groupsOf.get(name) ?? new Set()).add(groupOf(path)))
  }
  return name => [...groupsOf.get(name) ?? []].flatMap(group => groups.get(group)!)
    .map(path => `${path} ${files.get(path)!}`).sort().join('\n')
}

/** Files of a folder belong together. */
function groupOf (path: string): string {
  const { folder, file } = split(path)
  return folder === '' ? file : `${folder}/`
}

/** Names of models that a file may belong to: `a` and `a.b` for `a.b.yml`, and the folder's. */
function namesOf (path: string): string[] {
  const { folder, file } = split(path)
  const names = [...file.matchAll(/\./g)].map(({ index }) => file.slice(0, index))
  return folder === '' ? names : [folder, ...names]
}

export const areEqual = (a: FileStates, b: FileStates): boolean =>
  a.size === b.size && [...a].every(([file, state]) => b.get(file) === state)

/** Its names; none if it is not a folder, or can't be read. */
async function list (folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter(name => !name.startsWith('.'))
}

async function stateOf (file: string): Promise<string | undefined> {
  const stats = await stat(file).catch(() => undefined)
  return stats?.isFile() ? `${stats.ino} ${stats.size} ${stats.mtimeMs}` : undefined
}

function split (path: string): { folder: string, file: string } {
  const [first = '', second] = path.split(/[/\\]/)
  return second === undefined ? { folder: '', file: first } : { folder: first, file: second }
}
