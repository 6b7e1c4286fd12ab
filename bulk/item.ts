import type { ReadBuffer } from './read-buffer.ts'

/** An image to process, found but not read yet. */
export interface Item {
  /**
   * Unique within a run, and where the image is: a path as its source was named (`photos/a/b.jpg`), `photos.zip!/a/b.jpg`, or
   * `s3://bucket/key`.
   */
  readonly name: string
  /** Changes when the bytes do: size and time of a file, CRC-32 and size of an entry of a zip file, S3's ETag. */
  readonly stamp: string
}

/** Images by their names. A name of a list may be that of a file that does not exist: reading it fails. */
export interface Source {
  /** The images in a stable order, as they are found: nothing is kept. @throws SourceError if the source itself can't be read */
  items (signal?: AbortSignal): AsyncIterable<Item>
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  /** The bytes may be in this memory. */
  readonly buffer?: ReadBuffer | undefined
}

/** Reads images by the names of their items. */
export interface ImageReader {
  /** @throws UnreadableError */
  read (name: string, options?: ReadOptions): Promise<Uint8Array>
  close (): Promise<void>
}
