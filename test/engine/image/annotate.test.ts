import sharp from 'sharp'
import t from 'tap'
import { annotate, annotationSvg } from '../../../engine/image/annotate.ts'
import { decodeImage } from '../../../engine/image/decode.ts'
import type { DetectedObject } from '../../../engine/results.ts'
import type { Box } from '../../../head/decode/boxes.ts'
import { photo } from '../../support/files.ts'

const MAX_PIXELS = 50e6
const SIZE = { width: 640, height: 480 }

function object (box: Box, { label = 'person', classId = 0, score = 0.816 } = {}): DetectedObject {
  return { label, classId, score, box }
}

interface Rect { x: number, y: number, width: number, height: number, fill: string, stroke?: string }

/** The attributes of every element of a kind, in the order of drawing. */
function elements (svg: string, name: string): Rect[] {
  return [...svg.matchAll(new RegExp(`<${name} ([^>]*)>`, 'g'))].map(([, attributes]) =>
    Object.fromEntries([...attributes!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, isNaN(Number(value)) ? value : Number(value)]))) as unknown as Rect[]
}

const tags = (svg: string) => elements(svg, 'rect').filter(({ fill }) => fill !== 'none')
const lines = (svg: string) => elements(svg, 'rect').filter(({ fill, stroke }) => fill === 'none' && stroke !== '#111')
const fontSize = (svg: string) => Number(/font-size="([^"]*)"/.exec(svg)![1])

t.test('a box is drawn along its inside, with label and score above it', async t => {
  const svg = annotationSvg(SIZE, [object([100, 200, 300, 400])])
  t.match(svg, /^<svg xmlns="[^"]*" width="640" height="480" font-family="sans-serif"/)
  t.match(svg, />person 0\.82<\/text>/)
  const [line] = lines(svg)
  t.ok(line!.x >= 100 && line!.x < 103 && line!.x + line!.width > 297 && line!.x + line!.width <= 300, 'x', { line })
  t.ok(line!.y >= 200 && line!.y < 203 && line!.y + line!.height > 397 && line!.y + line!.height <= 400, 'y', { line })
  const [tag] = tags(svg)
  t.equal(tag!.x, 100)
  t.ok(Math.abs(tag!.y + tag!.height - 200) < 0.02, 'the label ends where the box begins')
  t.equal(tag!.fill, line!.stroke)
})

t.test('labels stay inside the photo', async t => {
  const corners: Box[] = [[0, 0, 640, 480], [0, 5, 50, 200], [600, 3, 640, 90], [630, 470, 640, 480], [0, 470, 5, 480]]
  for (const box of corners) {
    const { x, y, width, height } = tags(annotationSvg(SIZE, [object(box, { label: 'baseball glove' })]))[0]!
    t.ok(x >= 0 && y >= 0 && x + width <= 640 && y + height <= 480, box.join(), { x, y, width, height })
  }
  t.equal(tags(annotationSvg(SIZE, [object([50, 0, 300, 300])]))[0]!.y, 0, 'inside a box that touches the upper edge')
})

t.test('labels make way for better objects\' labels, and what is best lies on top', async t => {
  const svg = annotationSvg(SIZE, [object([100, 100, 300, 300]), object([102, 101, 299, 302], { label: 'dog', classId: 16, score: 0.4 })])
  const [dog, person] = tags(svg)
  t.ok(person!.y + person!.height <= 100.02, 'the best keeps its place')
  t.ok(dog!.y >= person!.y + person!.height, 'the other moves')
  t.match(svg, /dog 0\.40.*person 0\.82/)
})

t.test('lines and letters grow with the photo', async t => {
  const sizes = [256, 1000, 4000].map(side => annotationSvg({ width: side, height: side }, [object([10, 100, 200, 200])]))
  const [small, medium, large] = sizes.map(fontSize)
  t.ok(small! >= 10 && small! <= 16, `${small} pixels of 256`)
  t.ok(medium! > small!)
  t.ok(large! >= 60 && large! <= 120, `${large} pixels of 4000`)
  t.ok(lines(sizes[2]!)[0]!.x > lines(sizes[0]!)[0]!.x, 'a wider line lies further inside')
})

t.test('every class has a color of its own, and a label that can be read on it', async t => {
  const colors = Array.from({ length: 80 }, (_, classId) => {
    const svg = annotationSvg(SIZE, [object([10, 100, 200, 200], { classId })])
    const [fill, text] = [tags(svg)[0]!.fill, elements(svg, 'text')[0]!.fill]
    t.ok(contrast(fill, text) > 4.3, `class ${classId}: ${text} on ${fill}, ${contrast(fill, text).toFixed(2)}`)
    return fill
  })
  t.equal(new Set(colors).size, 80)
  for (let i = 1; i < 80; i++) t.ok(distance(colors[i - 1]!, colors[i]!) > 90, `${colors[i - 1]} and ${colors[i]}`)
})

t.test('labels are escaped', async t => {
  const svg = annotationSvg(SIZE, [object([10, 100, 200, 200], { label: '<b> & "c" \'d\'' })])
  t.match(svg, '>&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; 0.82</text>')
  await t.resolves(sharp(Buffer.from(svg)).png().toBuffer())
})

t.test('nothing found is nothing drawn', async t => {
  t.notMatch(annotationSvg(SIZE, []), /<rect|<text/)
})

t.test('the photo comes back as JPEG, drawn on at the box and nowhere else', async t => {
  const original = await sharp(photo('sample-me.jpg')).resize(300, 200, { fit: 'fill' }).png().toBuffer()
  const drawn = await decodeImage(await annotate(original, [object([100, 50, 250, 150])], { maxPixels: MAX_PIXELS }), MAX_PIXELS)
  t.match(drawn, { format: 'jpeg', width: 300, height: 200 })
  const before = await decodeImage(original, MAX_PIXELS)
  t.ok(difference(before.data, drawn.data, { left: 100, top: 60, width: 2, height: 80 }) > 30, 'the left line')
  t.ok(difference(before.data, drawn.data, { left: 110, top: 60, width: 120, height: 80 }) < 6, 'inside the box')
  t.ok(difference(before.data, drawn.data, { left: 0, top: 0, width: 90, height: 200 }) < 6, 'outside the box')
})

t.test('EXIF orientation is applied, and not once more by a viewer', async t => {
  const turned = await sharp(photo('sample1.jpg')).resize(300, 200).withMetadata({ orientation: 6 }).jpeg().toBuffer()
  const metadata = await sharp(await annotate(turned, [object([10, 100, 150, 290])], { maxPixels: MAX_PIXELS })).metadata()
  t.match(metadata, { format: 'jpeg', width: 200, height: 300, orientation: undefined })
})

t.test('as PNG, and no larger than asked for', async t => {
  const options = { maxPixels: MAX_PIXELS, format: 'png', maxSide: 100 } as const
  const drawn = await annotate(await sharp(photo('sample-me.jpg')).resize(300, 200, { fit: 'fill' }).toBuffer(), [object([150, 50, 297, 150])], options)
  t.match(await sharp(drawn).metadata(), { format: 'png', width: 100, height: 67, channels: 3 })
  const { data } = await decodeImage(drawn, MAX_PIXELS)
  const [red, green, blue] = data.subarray((33 * 100 + 50) * 3)
  t.ok(red! > green! + 50 && red! > blue! + 50, `${[red, green, blue]}: the left line, in the color of persons`)
  t.match(await sharp(await annotate(photo('sample-me.jpg'), [], { maxPixels: MAX_PIXELS, maxSide: 4096 })).metadata(), { width: 700, height: 700 })
})

t.test('colors are those that a person sees, whatever the file keeps', async t => {
  const red = sharp({ create: { width: 40, height: 30, channels: 3, background: '#f00' } })
  const kinds: Record<string, [Buffer, number]> = {
    'a wide gamut': [await red.clone().withIccProfile('p3').png().toBuffer(), 4],
    alpha: [await red.clone().ensureAlpha(0).png().toBuffer(), 0],
    '16 bits': [await red.clone().toColourspace('rgb16').png().toBuffer(), 0],
    CMYK: [await red.clone().withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer(), 60]
  }
  for (const [kind, [bytes, tolerance]] of Object.entries(kinds)) {
    const drawn = await annotate(bytes, [], { maxPixels: MAX_PIXELS, format: 'png' })
    t.match(await sharp(drawn).metadata(), { channels: 3, space: 'srgb', icc: undefined }, kind)
    const [r, g, b] = await sharp(drawn).raw().toBuffer()
    t.ok(r! >= 255 - tolerance && g! <= tolerance && b! <= tolerance, `${kind}: ${[r, g, b]}`)
  }
})

t.test('extreme sizes are drawn, too', async t => {
  for (const [width, height, expected] of [[1, 1, [1, 1]], [40_000, 50, [16_000, 20]]] as const) {
    const png = await sharp({ create: { width, height, channels: 3, background: '#888' } }).png().toBuffer()
    const drawn = await sharp(await annotate(png, [object([0, 0, width, height])], { maxPixels: MAX_PIXELS })).metadata()
    t.strictSame([drawn.width, drawn.height], expected)
  }
})

t.test('what is no photo is an ImageError', async t => {
  await t.rejects(annotate(Buffer.from('GIF'), [], { maxPixels: MAX_PIXELS }), { name: 'ImageError', code: 'UNSUPPORTED_IMAGE' })
  await t.rejects(annotate(photo('sample-me.jpg'), [], { maxPixels: 1000 }), { name: 'ImageError', code: 'IMAGE_TOO_LARGE' })
})

function channels (hex: string): number[] {
  const digits = hex.length === 4 ? [...hex.slice(1)].map(digit => digit + digit) : hex.slice(1).match(/../g)!
  return digits.map(pair => parseInt(pair, 16))
}

function distance (a: string, b: string): number {
  const [left, right] = [channels(a), channels(b)]
  return Math.hypot(...left.map((value, i) => value - right[i]!))
}

/** WCAG's contrast ratio, 1 to 21. */
function contrast (a: string, b: string): number {
  const luminance = (hex: string) => channels(hex)
    .map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i]!, 0)
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

interface Area { left: number, top: number, width: number, height: number }

/** The mean difference of two 300 pixels wide RGB pictures in a part of them. */
function difference (a: Uint8Array, b: Uint8Array, { left, top, width, height }: Area): number {
  let sum = 0
  for (let y = top; y < top + height; y++) {
    for (let i = (y * 300 + left) * 3; i < (y * 300 + left + width) * 3; i++) sum += Math.abs(a[i]! - b[i]!)
  }
  return sum / (width * height * 3)
}
