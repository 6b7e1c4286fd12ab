/** A source that can't be read, or an output that can't be written: the run ends. The message is one line that names it. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}

/** An image that can't be read: it is missing, or its disk or S3 failed. The others are processed. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}

/** A run whose output folder belongs to another model or to other options. The message is for the user. */
export class OtherRunError extends Error {
  override readonly name = 'OtherRunError'
}

/** An optional package that is not installed. The message says how to install it. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError'

  constructor (name: string, purpose: string, options?: ErrorOptions) {
    super(`${purpose} needs the optional package ${name}; install it with: npm install ${name}`, options)
  }
}
