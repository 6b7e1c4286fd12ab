import { FolderStore } from './folder-store.ts'
import type { OutputStore } from './store.ts'

/** Where results go, by its name. */
export async function openStore (name: string): Promise<OutputStore> {
  return new FolderStore(name)
}
