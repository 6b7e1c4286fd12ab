/** One picture: a background with clutter, and shapes on it. */
import { between, oneOf } from './random.js'
import { SHAPES } from './shapes.js'

const SIZES = [[320, 320], [400, 300], [300, 400], [360, 320]]
const RADIUS = [14, 70]
const MAX_OBJECTS = 3
const MAX_CLUTTER = 12
const ATTEMPTS = 40
const CONTRAST = 70 // least difference of brightness between an object and the background's mean, of 255

/** @returns its size, its SVG, and its objects: class, and box as x, y, width, height */
export function picture (random) {
  const [width, height] = oneOf(random, SIZES)
  const ground = [color(random), color(random)]
  const objects = []
  const wanted = 1 + Math.floor(random() * MAX_OBJECTS)
  for (let i = 0; i < ATTEMPTS && objects.length < wanted; i++) {
    const object = place(random, { width, height }, ground)
    if (objects.every(other => !overlap(object.box, other.box))) objects.push(object)
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    background(random, ground) + clutter(random, width, height) + objects.map(({ svg }) => svg).join('') + '</svg>'
  return { width, height, svg, objects: objects.map(({ name, box }) => ({ name, box })) }
}

function place (random, { width, height }, ground) {
  const name = oneOf(random, Object.keys(SHAPES))
  const { outline, hole } = SHAPES[name](random)
  const radius = RADIUS[0] * (RADIUS[1] / RADIUS[0]) ** random()
  const angle = random() * 2 * Math.PI
  const [x, y] = [between(random, radius, width - radius), between(random, radius, height - radius)]
  const [cos, sin] = [radius * Math.cos(angle), radius * Math.sin(angle)]
  const move = ([u, v]) => [x + u * cos - v * sin, y + u * sin + v * cos]
  const points = outline.map(move)
  const path = [points, ...hole ? [hole.map(move)] : []].map(toPath).join('')
  return { name, box: boxOf(points), svg: `<path d="${path}" fill-rule="evenodd" fill="${css(contrasting(random, ground))}"/>` }
}

const toPath = points => `M${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join('L')}Z`

function boxOf (points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return [x, y, Math.max(...xs) - x, Math.max(...ys) - y].map(value => Number(value.toFixed(1)))
}

const overlap = ([x, y, w, h], [x2, y2, w2, h2]) => x < x2 + w2 && x2 < x + w && y < y2 + h2 && y2 < y + h

const color = random => [0, 0, 0].map(() => Math.floor(random() * 256))
const css = rgb => `rgb(${rgb.join()})`
const brightness = ([r, g, b]) => 0.3 * r + 0.59 * g + 0.11 * b

function contrasting (random, ground) {
  const mean = (brightness(ground[0]) + brightness(ground[1])) / 2
  for (;;) {
    const rgb = color(random)
    if (Math.abs(brightness(rgb) - mean) >= CONTRAST) return rgb
  }
}

function background (random, [from, to]) {
  const angle = Math.round(random() * 360)
  return `<linearGradient id="g" gradientTransform="rotate(${angle} .5 .5)"><stop stop-color="${css(from)}"/>` +
    `<stop offset="1" stop-color="${css(to)}"/></linearGradient><rect width="100%" height="100%" fill="url(#g)"/>`
}

/** Rectangles, lines, discs and triangles, which are none of the classes. */
function clutter (random, width, height) {
  const count = Math.floor(random() * (MAX_CLUTTER + 1))
  return Array.from({ length: count }, () => {
    const [x, y, size, turn] = [random() * width, random() * height, between(random, 5, 80), Math.round(random() * 360)]
    const paint = css(color(random))
    const style = `fill="${paint}" opacity="${between(random, 0.2, 0.8).toFixed(2)}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn})"`
    const half = (size / 2).toFixed(1)
    return oneOf(random, [
      `<rect width="${size.toFixed(1)}" height="${between(random, 5, 80).toFixed(1)}" ${style}/>`,
      `<line x1="-200" x2="200" stroke="${paint}" stroke-width="${between(random, 1, 8).toFixed(1)}" ${style}/>`,
      `<circle r="${half}" ${style}/>`,
      `<path d="M0,-${half}L${half},${half}L-${half},${half}Z" ${style}/>`
    ])
  }).join('')
}
