import type { FeatureMap } from '../../../engine/features/array.ts'
import type { Corners } from '../../../engine/explain/explanation.ts'
import { rankChannels, type RankedChannel } from '../logic/channels.ts'
import type { Alignment } from '../logic/heat-map.ts'
import { h } from './dom.ts'
import { heatCanvas } from './heat-canvas.ts'

export interface GridLook {
  readonly name: string
  /** What the channels are compared in, in words and in pixels of the photo. */
  readonly place?: { readonly title: string, readonly box: Corners } | undefined
  /** The channel on view. */
  readonly channel: number | undefined
  /** Names of the first channels, if they are classes. */
  readonly labels: readonly string[]
  readonly choose: (channel: number) => void
}

const AT_ONCE = 48
const LONGEST_SIDE = 96

/** Small maps of all channels, those first that respond to the place. */
export function channelGrid (alignment: Alignment, feature: FeatureMap, { name, place, channel, labels, choose }: GridLook): HTMLElement {
  const ranked = rankChannels(alignment, feature, place?.box)
  const { height, width } = { height: feature.shape[2]!, width: feature.shape[3]! }
  const stride = alignment.input.width / width
  const grid = h('div', { class: 'channels' })
  const more = h('button', { type: 'button', onclick: addMore }, 'More')
  addMore()
  return h('section', { class: 'channel-grid', 'aria-label': 'Channels' },
    h('h3', {}, `${ranked.length} channels`),
    h('p', { class: 'quiet' }, place
      ? `First those that respond more in ${place.title} than elsewhere, in standard deviations.`
      : 'First those that vary most. Choose a box, or draw one, to see what responds to it.'),
    grid, more)

  function addMore (): void {
    const from = grid.childElementCount
    grid.append(...ranked.slice(from, from + AT_ONCE).map(tile))
    more.hidden = grid.childElementCount === ranked.length
  }

  function tile ({ channel: own, values, rank }: RankedChannel): HTMLElement {
    const value = `${place && rank > 0 ? '+' : ''}${String(Number(rank.toPrecision(2))).replace('-', '−')}`
    const title = labels[own] ?? String(own)
    return h('button', {
      type: 'button',
      'aria-pressed': String(own === channel),
      'data-channel': own,
      title: `channel ${own}`,
      'aria-label': `Channel ${own}${labels[own] === undefined ? '' : `, ${labels[own]}`}: ${value}`,
      onclick: () => choose(own)
    }, heatCanvas(alignment, { name, stride, width, height, data: values }, { longest: LONGEST_SIDE }),
    h('span', {}, title), h('small', {}, value))
  }
}
