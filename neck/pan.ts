/**
 * Path Aggregation Network for Instance Segmentation. https://arxiv.org/abs/1803.01534
 * NanoDet's variant has no convolutions in the paths: levels are resampled and summed. Upstream: nanodet/model/fpn/pan.py
 */
import type { Feature, Neck } from '../nn/feature.ts'
import { neckSpec } from '../nn/spec.ts'
import { addResized, laterals, readPyramid, tapLevels, topDown } from './fpn.ts'

/** Features of any widths → as many of `out` channels: `[N, out, H/stride, W/stride]`, tapped as `p3`, `p4` … */
export const pan = (out: number): Neck => (features, scope) =>
  tapLevels(bottomUp(topDown(laterals(out)(features, scope))), scope)

export const panSpec = neckSpec({
  name: 'pan',
  options: {},
  upstream: { name: 'PAN', read: readPyramid },
  build: ({ outChannels }) => pan(outChannels)
})

/** Adds each level, downsampled, to the next coarser one, finest first. */
function bottomUp (levels: readonly Feature[]): readonly Feature[] {
  return levels.reduce<readonly Feature[]>((done, level) => {
    const finer = done.at(-1)
    return [...done, finer ? addResized(level, finer) : level]
  }, [])
}
