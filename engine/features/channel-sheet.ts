import sharp from 'sharp'
import { mapSize, type FeatureMap } from './array.ts'
import { blankCanvas, paintColorBar, paintMap } from './canvas.ts'
import { channelOf } from './reduce.ts'
import { finite } from './statistics.ts'
import { formatNumber, svgDrawing, svgText } from './svg.ts'
import { colorRange, rangeLabels, type ValueRange } from './value-range.ts'

export interface NamedFeature extends FeatureMap { readonly name: string }

interface Tile { readonly channel: number, readonly values: Float32Array }

/** Positions of the tiles in pixels of the sheet; `pitchX` and `pitchY` are the distances between tiles. */
interface Layout {
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly factor: number
  readonly pitchX: number
  readonly pitchY: number
}

const DEFAULT_CHANNELS = 64
const TILE_PIXELS = 100
const MARGIN = 16
const GAP = 8
const LABEL_HEIGHT = 18
const HEADER_HEIGHT = 120
const MIN_WIDTH = 560
const BAR = { top: 78, width: MIN_WIDTH - 2 * MARGIN, height: 14 }

/**
 * A PNG of a layer's channels as heat maps: the largest variance first, all with the same color scale.
 * @param options `channels`: maximum number of channels, 1 or more
 * @throws NotAMapError unless the layer is `[1, C, H, W]`
 */
export async function channelSheet (layer: NamedFeature, { channels = DEFAULT_CHANNELS }: { channels?: number } = {}): Promise<Buffer> {
  const size = mapSize(layer.shape)
  const tiles = liveliest(layer, size.channels).slice(0, channels)
  const range = colorRange(concatenated(tiles))
  const layout = layoutOf(tiles.length, size)
  const canvas = blankCanvas(layout)
  const maps = tiles.map(({ values }) => ({ values, width: size.width, ...range }))
  maps.forEach((map, i) => paintMap(canvas, left(layout, i), top(layout, i), map, layout.factor))
  paintColorBar(canvas, MARGIN, BAR.top, BAR)
  const labels = tiles.map(({ channel }, i) => svgText(left(layout, i), top(layout, i) - 4, String(channel)))
  const text = svgDrawing(layout, [...caption(layer, tiles.length, range), ...labels])
  return sharp(canvas.data, { raw: { ...layout, channels: 3 } }).composite([{ input: text }]).png().toBuffer()
}

/** All channels by variance, descending; channels with NaN or Infinity come first, because they need attention. */
function liveliest (layer: FeatureMap, channels: number): Tile[] {
  const tiles = Array.from({ length: channels }, (_, channel) => ({ channel, values: channelOf(layer, channel) }))
  const variances = tiles.map(({ values }) => variance(values))
  return tiles.sort((a, b) => variances[b.channel]! - variances[a.channel]! || a.channel - b.channel)
}

function variance (values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const result = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return Number.isNaN(result) ? Infinity : result
}

function concatenated (tiles: readonly Tile[]): Float32Array {
  const size = tiles[0]!.values.length
  const all = new Float32Array(tiles.length * size)
  tiles.forEach(({ values }, i) => all.set(values, i * size))
  return all
}

function layoutOf (tiles: number, map: { width: number, height: number }): Layout {
  const factor = Math.ceil(TILE_PIXELS / Math.max(map.width, map.height))
  const columns = Math.ceil(Math.sqrt(tiles))
  const pitchX = Math.max(map.width * factor, TILE_PIXELS / 2) + GAP
  const pitchY = map.height * factor + LABEL_HEIGHT + GAP
  const width = Math.max(columns * pitchX - GAP + 2 * MARGIN, MIN_WIDTH)
  const height = HEADER_HEIGHT + Math.ceil(tiles / columns) * pitchY + MARGIN - GAP
  return { width, height, columns, factor, pitchX, pitchY }
}

const left = ({ columns, pitchX }: Layout, tile: number): number => MARGIN + tile % columns * pitchX

const top = ({ columns, pitchY }: Layout, tile: number): number => HEADER_HEIGHT + LABEL_HEIGHT + Math.floor(tile / columns) * pitchY

function caption ({ name, shape, data }: NamedFeature, shown: number, range: ValueRange): string[] {
  const { channels } = mapSize(shape)
  const which = shown < channels ? `the ${shown} of ${channels} channels that vary most` : 'all channels'
  return [
    svgText(MARGIN, 28, name, { size: 18, bold: true }),
    svgText(MARGIN, 48, `[${shape.join(', ')}] · ${which}, by variance`),
    svgText(MARGIN, 67, valuesText(data)),
    ...rangeLabels(range, MARGIN, MARGIN + BAR.width, BAR.top + BAR.height + 16)
  ]
}

function valuesText (data: Float32Array): string {
  const values = finite(data)
  const min = values.reduce((a, b) => Math.min(a, b), Infinity)
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const strange = data.length - values.length
  return `values ${formatNumber(min)} … ${formatNumber(max)}${strange > 0 ? ` · ${strange} are infinite or NaN (cyan)` : ''}`
}
