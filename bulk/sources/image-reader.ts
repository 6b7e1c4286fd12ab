/** Reads images by their names, whatever these name. */
import type { ImageReader } from '../item.ts'
import { readImageFile, stampOf } from './files.ts'

/** An image reader that can also tell whether an image has changed. */
export interface StampReader extends ImageReader {
  /** The stamp of an image; an empty text if there is none. */
  stamp (name: string): Promise<string>
}

/** A reader for images of all kinds. */
export function imageReader (): StampReader {
  return {
    read: (name, signal) => readImageFile(name, signal),
    stamp: name => stampOf(name),
    close: async () => {}
  }
}
