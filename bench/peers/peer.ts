/** Parts of the work on a photo. `preprocess` is decode and warp where they are not measured separately. */
export type Part = 'decode' | 'warp' | 'preprocess' | 'normalize' | 'network' | 'boxes' | 'all'

/** Milliseconds of CPU time per photo. */
export type Parts = Readonly<Partial<Record<Part, number>>>

/** What a peer reports once it is ready. */
export interface Ready {
  /** Of its programs and libraries, by name. */
  readonly versions: Readonly<Record<string, string>>
  /** Largest difference of its predictions from onnxruntime's, for the same input. */
  readonly max_difference?: number
}

/** A program that runs photos through a network. */
export interface Peer {
  readonly ready: Ready
  /** Runs the next photos, as many as a turn has. @throws CommandError with the peer's reason */
  turn (): Promise<Parts>
  close (): Promise<void>
}

/** A peer that is not running yet. `start` throws a CommandError if the peer is not found or does not start. */
export interface Candidate {
  readonly name: string
  start (): Promise<Peer>
}
