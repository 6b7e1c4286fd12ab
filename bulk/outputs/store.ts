/** Where results go: a folder, or a prefix of an S3 bucket. Paths are relative to it, with slashes. */
export interface OutputStore {
  /** As the user named it. */
  readonly name: string
  /** Writes a file as a whole: readers see all of it or nothing. @throws SourceError */
  write (path: string, bytes: Uint8Array | string): Promise<void>
  /** Writes a file piece by piece; it exists once `chunks` has ended, and not at all if `chunks` throws. @throws SourceError */
  stream (path: string, chunks: AsyncIterable<Uint8Array | string>): Promise<void>
  /** The bytes from `start` on, up to `bytes` of them; all by default. @throws SourceError, also if it does not exist */
  read (path: string, range?: { readonly start: number, readonly bytes: number }): AsyncIterable<Uint8Array>
  exists (path: string): Promise<boolean>
  /** Paths below a folder (`shards/`), sorted. */
  list (folder: string): AsyncIterable<string>
  /** Removes a file, if it exists. */
  remove (path: string): Promise<void>
  close (): Promise<void>
}
