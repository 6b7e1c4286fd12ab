/** A checkpoint that can't be read. */
export class CheckpointError extends Error {
  override name = 'CheckpointError'
  readonly format: string

  constructor (format: string, problem: string) {
    super(`not a readable ${format} checkpoint: ${problem}`)
    this.format = format
  }
}
