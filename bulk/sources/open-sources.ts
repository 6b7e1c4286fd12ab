/** Finds images wherever they are, and reads them by their names. */
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { SourceError } from '../errors.ts'
import type { ImageReader, Item, Source } from '../item.ts'
import type { S3Options } from '../s3/client.ts'
import { parseS3Name } from '../s3/s3-name.ts'
import { toPath } from './file-name.ts'
import { checkApart, isPattern, namesBelow, namesMatching } from './folders.ts'
import { AnyReader } from './image-reader.ts'
import { namesIn, openList } from './lists.ts'
import { missingSource } from './missing-source.ts'
import { toItems } from './to-items.ts'
import { isZipName } from './zip-names.ts'

export interface SourceOptions {
  /** Where results are written, as the user named it: its images are not a source's. */
  readonly exclude?: string | undefined
  /** Names for the source `-`. */
  readonly stdin?: Readable | undefined
  readonly s3?: S3Options | undefined
}

export interface OpenSources { readonly source: Source, readonly reader: ImageReader }

type Names = (signal?: AbortSignal) => AsyncIterable<readonly string[]>

/** Finds a source's images. */
type Find = (signal?: AbortSignal) => AsyncIterable<Item>

/**
 * Opens sources: files, folders, zip files, patterns (`photos/*.jpg`), `s3://bucket/prefix`, lists of names (`@list.txt`), and `-` for names
 * on standard input, which can be read only once. A path that exists is taken as it is, whatever characters it has.
 * @throws SourceError, in one line, if a source does not exist
 */
export async function openSources (names: readonly string[], options: SourceOptions = {}): Promise<OpenSources> {
  const reader = new AnyReader(options.s3)
  const finds: Find[] = []
  for (const name of names) finds.push(await openSource(name, reader, options))
  return { source: { items: signal => itemsOf(names, finds, signal) }, reader }
}

/** Reads images by their names alone, which another process has found. */
export const openReader = (s3?: S3Options): ImageReader => new AnyReader(s3)

async function * itemsOf (names: readonly string[], finds: readonly Find[], signal?: AbortSignal): AsyncGenerator<Item> {
  let isEmpty = true
  for (const find of finds) {
    for await (const item of find(signal)) {
      isEmpty = false
      yield item
    }
  }
  if (isEmpty) throw new SourceError(`${names.join(', ')}: no images`)
}

async function openSource (name: string, reader: AnyReader, options: SourceOptions): Promise<Find> {
  const prefix = parseS3Name(name)
  if (prefix) return signal => reader.s3.items(prefix, { exclude: options.exclude, signal })
  const found = await stat(toPath(name)).catch(() => undefined)
  if (found?.isFile() && isZipName(name)) return () => reader.zips.items(name)
  const names = await openNames(name, found, options)
  return signal => toItems(names(signal), name => reader.stamp(name))
}

async function openNames (name: string, found: Stats | undefined, { exclude, stdin = process.stdin }: SourceOptions): Promise<Names> {
  if (name === '-') return signal => namesIn(stdin, 'standard input', signal)
  if (name.startsWith('@')) return await openList(name.slice(1))
  if (!found && isPattern(name)) return signal => namesMatching(name, { exclude, signal })
  if (!found) throw await missingSource(name)
  if (!found.isDirectory()) return oneFile(name, found)
  await checkApart(name, exclude)
  return signal => namesBelow(name, { exclude, signal })
}

function oneFile (name: string, found: Stats): Names {
  if (/\.txt$/i.test(name) && found.isFile()) throw new SourceError(`${name}: not an image; if it lists images, write @${name}`)
  return async function * () { yield [name] }
}
