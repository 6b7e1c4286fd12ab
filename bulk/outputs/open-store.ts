import { parseS3Name } from '../s3/s3-name.ts'
import type { S3Options } from '../s3/client.ts'
import { FolderStore } from './folder-store.ts'
import { S3Store } from './s3-store.ts'
import type { OutputStore } from './store.ts'

/** Where results go, by its name: `s3://bucket/folder`, or a folder. @throws MissingPackageError */
export async function openStore (name: string, options: S3Options = {}): Promise<OutputStore> {
  return parseS3Name(name) ? await S3Store.open(name, options) : new FolderStore(name)
}
