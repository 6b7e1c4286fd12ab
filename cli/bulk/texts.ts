/** What the commands on a queue print. */
import type { Planned } from '../../bulk/queue/plan-run.ts'
import type { Retried } from '../../bulk/queue/retry-run.ts'
import { printable } from '../../engine/printable.ts'

export function plannedText ({ queued: { images, shards, formats }, added, wasFinished, mergesAgain }: Planned): string {
  const next = mergesAgain ? `merging again for ${formats.join(', ')}` : `added ${added}`
  return `${images} images in ${shards} shards; ${wasFinished ? 'the run is finished' : next}\n`
}

export function plannedJson ({ queued: { id, images, shards, out }, added, wasFinished }: Planned): string {
  return `${JSON.stringify({ run: id, out, images, shards, added, finished: wasFinished })}\n`
}

export function retriedText ({ apart, failed, skipped }: Retried): string {
  if (apart + failed === 0) return 'Nothing failed for a reason that can change\n'
  const left = skipped.map(name => `left out: ${printable(name)}\n`).join('')
  return `Added ${apart} shards without results, and ${failed} with images to try again\n${left}`
}
