/** What stopped a run. */
export type TrainingErrorCode =
  /** A loss or gradient that is infinite or not a number. */
  | 'NOT_FINITE'
  /** Worker processes died on the same photos again and again. */
  | 'WORKERS_DIED'
  /** A worker failed: an unreadable photo, a network that can't be differentiated. */
  | 'WORKER_FAILED'
  /** The state file can't be read. */
  | 'UNREADABLE_STATE'
  /** The state file can't be written: a full disk. */
  | 'UNWRITABLE_STATE'
  /** The state file is of another run. */
  | 'OTHER_RUN'
  /** The spec or the settings can't be trained by. */
  | 'UNUSABLE_SETTINGS'

/** A run that can't go on. The message is for the user. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError'
  readonly code: TrainingErrorCode

  constructor (code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
