import type { Corners, LayerResponse } from '../../../engine/explain/explanation.ts'
import { surroundings } from '../logic/region.ts'
import { layerTitle, rankText } from '../logic/region-verdict.ts'
import { fetchMaps, type LayerMap, type LayerRequest } from '../logic/maps.ts'
import type { ExplainReply } from '../logic/server.ts'
import type { Photo, State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { h, rectOf, svg } from './dom.ts'
import { heatCanvas } from './heat-canvas.ts'

/** Pixels of a picture's width. */
const WIDTH = 320
const GRAY = 'grayscale(1) brightness(0.85)'

/** By the layers' names. */
type Maps = ReadonlyMap<string, LayerMap>

/** The region's surroundings, colored by the response of each stage, and on demand of each level. */
export function mountStageMaps ({ store, server, actions }: App, root: HTMLElement): void {
  const stages = h('div', { class: 'maps' })
  const levels = h('div', { class: 'maps' })
  const more = h('details', {}, h('summary', {}, 'Levels of the neck'), levels)
  root.append(stages, more)
  let fetched: Promise<Maps | undefined> | undefined
  let fetchedFor: readonly unknown[] = []
  let latest = 0

  store.watch(({ region, explanation, photo }) => [region, explanation, photo], (_, state) => update(state))

  async function update ({ region, explanation, photo, precision }: State): Promise<void> {
    const turn = ++latest
    const found = explanation?.region
    root.hidden = !region || !found || found.layers.length === 0
    if (root.hidden || !photo || !explanation || !found) return
    const got = await mapsOf(photo, { model: explanation.model, precision, layers: found.layers.map(({ layer }) => layer) })
    const image = await decoded(photo)
    if (turn !== latest) return
    root.hidden = !got
    const pictures = (pattern: RegExp): HTMLElement[] => found.layers.filter(({ layer }) => pattern.test(layer)).flatMap(response => {
      const map = got?.get(response.layer)
      return map ? [picture(image, { explanation, box: found.box, map, response })] : []
    })
    stages.replaceChildren(...pictures(/^stage/))
    levels.replaceChildren(...pictures(/^p/))
  }

  /** One request for each photo, model and precision, whatever the region. */
  async function mapsOf (photo: Photo, request: LayerRequest): Promise<Maps | undefined> {
    const wanted = [photo, request.model, request.precision]
    if (wanted.some((part, i) => part !== fetchedFor[i])) {
      fetchedFor = wanted
      fetched = actions.attempt(() => fetchMaps(server, photo.blob, { ...request, reduce: 'l2' }))
    }
    const got = await fetched
    if (!got) fetchedFor = []
    return got
  }
}

interface Shown { readonly explanation: ExplainReply, readonly box: Corners, readonly map: LayerMap, readonly response: LayerResponse }

function picture (image: HTMLImageElement, { explanation, box, map, response: { layer, rank } }: Shown): HTMLElement {
  const [x1, y1, x2, y2] = surroundings(box, explanation.image)
  const [width, height] = [x2 - x1, y2 - y1]
  const text = `${layerTitle(layer)}: ${rankText(rank)}`
  const canvas = h('canvas', { width: WIDTH, height: Math.round(WIDTH * height / width), role: 'img', 'aria-label': text })
  const context = canvas.getContext('2d')!
  const heat = heatCanvas(explanation, map)
  const draw = (source: HTMLImageElement | HTMLCanvasElement, sourceWidth: number): void => {
    const scale = sourceWidth / explanation.image.width
    context.drawImage(source, x1 * scale, y1 * scale, width * scale, height * scale, 0, 0, canvas.width, canvas.height)
  }
  context.filter = GRAY
  draw(image, image.naturalWidth)
  context.filter = 'none'
  draw(heat, heat.width)
  const rect = rectOf(box)
  const frame = svg('svg', { viewBox: [x1, y1, width, height].join(' '), 'aria-hidden': 'true' },
    svg('rect', { class: 'halo', ...rect }), svg('rect', rect))
  return h('figure', { 'data-layer': layer }, h('div', { class: 'picture' }, canvas, frame), h('figcaption', {}, text))
}

async function decoded ({ url }: Photo): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = url
  await image.decode().catch(() => undefined) // the photo may have changed
  return image
}
