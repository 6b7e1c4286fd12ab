import { isAbsolute, join } from 'node:path'
import type { Item } from '../../bulk/item.ts'
import { DoneIndex } from '../../bulk/run/done-index.ts'

const isRemote = (name: string): boolean => name.startsWith('s3://')

/** A path or an s3:// name as other machines can use it. The rest of the name stays as it is: it may be an entry of a zip file. */
export const absoluteName = (name: string, cwd: string): string => isRemote(name) || isAbsolute(name) ? name : `${cwd}/${name.replace(/^(\.\/+)+/, '')}`

/** An output as other machines can use it. */
export const absoluteOut = (out: string, cwd: string): string => isRemote(out) || isAbsolute(out) ? out : join(cwd, out)

/** Whether the sources may list an image twice: one folder, archive or prefix can't. */
const mayRepeat = (sources: readonly string[]): boolean => sources.length > 1 || /^(-$|@)/.test(sources[0]!)

/** Images under names that all machines can use, each once. */
export async function * absoluteItems (items: AsyncIterable<Item>, sources: readonly string[], cwd: string): AsyncGenerator<Item> {
  const seen = mayRepeat(sources) ? new DoneIndex() : undefined
  for await (const item of items) {
    const name = absoluteName(item.name, cwd)
    if (seen?.take(name) !== false) yield { name, stamp: item.stamp }
  }
}
