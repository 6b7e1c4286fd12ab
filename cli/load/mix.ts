/** Photos, and the bodies that broken or hostile clients send. */
export interface Images {
  readonly photo: readonly Uint8Array[]
  /** No image at all. */
  readonly garbage: readonly Uint8Array[]
  /** Photos that end in the middle. */
  readonly truncated: readonly Uint8Array[]
  /** Small files that declare a huge number of pixels. */
  readonly huge: readonly Uint8Array[]
}

export type Kind = keyof Images

/** Photos only; photos mixed with faulty requests; or photos whose clients all leave. */
export type Mix = 'photos' | 'mixed' | 'aborted'

/** A request of one client. */
export interface Shot {
  readonly kind: Kind
  readonly body: Uint8Array
  /** Milliseconds after which the client leaves without waiting for the answer. */
  readonly abortAfter?: number
}

const PATIENCE = 200

/**
 * The i-th request of a mix, always the same, so that runs can be compared. Of 40 `mixed` requests, 2 are left by their client,
 * 2 are garbage, 1 is a truncated photo and 1 a huge image.
 */
export function shot (mix: Mix, i: number, images: Images): Shot {
  const kind = mix === 'mixed' ? kindOf(i) : 'photo'
  const choice = images[kind]
  const body = choice[(kind === 'photo' ? i : Math.floor(i / 40)) % choice.length]!
  const leaves = mix === 'aborted' || (mix === 'mixed' && i % 20 === 3)
  return leaves ? { kind, body, abortAfter: i * 37 % PATIENCE } : { kind, body }
}

function kindOf (i: number): Kind {
  if (i % 20 === 11) return 'garbage'
  if (i % 40 === 7) return 'truncated'
  return i % 40 === 27 ? 'huge' : 'photo'
}
