/** Images in memory, for runs without files. */
import { UnreadableError } from '../../bulk/errors.ts'
import type { Item } from '../../bulk/item.ts'
import type { OutputStore } from '../../bulk/outputs/store.ts'

type Content = Uint8Array | string

/** Images by name; the stamp is their length. Names without an image can't be read. */
export function imagesOf (images: Readonly<Record<string, Content>>, names = Object.keys(images)) {
  const items = names.map((name): Item => ({ name, stamp: String(images[name]?.length ?? '') }))
  return {
    source: { async * items () { yield * items } },
    reader: {
      async read (name: string) {
        const found = images[name]
        if (found === undefined) throw new UnreadableError('no such file or directory')
        return Buffer.from(found)
      },
      async close () {}
    }
  }
}

/** A store that keeps its files in `files`. */
export function memoryStore () {
  const files = new Map<string, Buffer>()
  const store: OutputStore = {
    name: 'memory',
    async write (path, bytes) { files.set(path, Buffer.from(bytes as string)) },
    async stream () { throw new Error('not used') },
    read () { throw new Error('not used') },
    async exists (path) { return files.has(path) },
    async * list (folder) { yield * [...files.keys()].filter(path => path.startsWith(folder)).sort() },
    async remove (path) { files.delete(path) },
    async close () {}
  }
  return { files, store }
}
