/** Where a command writes: results to stdout, everything else to stderr. `process` is one. */
export interface Io {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** Hides progress. */
  readonly quiet?: boolean
}
