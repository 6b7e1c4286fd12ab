/** A checkpoint that can't be read or does not fit the model. */
export class CheckpointError extends Error {
  override name = 'CheckpointError'

  /** @param format the file's format; undefined if the problem is a sentence of its own */
  constructor (format: string | undefined, problem: string) {
    super(format === undefined ? problem : `not a readable ${format} checkpoint: ${problem}`)
  }
}
