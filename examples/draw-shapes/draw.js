import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { picture } from './picture.js'
import { between, randomOf } from './random.js'
import { SHAPES } from './shapes.js'

const MAX_NOISE = 40 // of 255
const NAMES = Object.keys(SHAPES)

const { positionals: [folder = 'shapes'], values } = parseArgs({
  allowPositionals: true,
  options: { train: { type: 'string', default: '200' }, val: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } }
})

await draw('train', Number(values.train), randomOf(2 * Number(values.seed)))
await draw('val', Number(values.val), randomOf(2 * Number(values.seed) + 1))

/** Writes FOLDER/NAME with the pictures, and FOLDER/NAME.json with their annotations in COCO's format. */
async function draw (name, count, random) {
  await mkdir(join(folder, name), { recursive: true })
  const [images, annotations] = [[], []]
  for (let id = 1; id <= count; id++) {
    const { width, height, svg, objects } = picture(random)
    const file = `${String(id).padStart(4, '0')}.jpg`
    await writeFile(join(folder, name, file), await render(svg, random))
    images.push({ id, file_name: file, width, height })
    for (const { name, box } of objects) {
      const category = NAMES.indexOf(name) + 1
      annotations.push({ id: annotations.length + 1, image_id: id, category_id: category, bbox: box, area: box[2] * box[3], iscrowd: 0 })
    }
  }
  const categories = NAMES.map((name, i) => ({ id: i + 1, name }))
  await writeFile(join(folder, `${name}.json`), JSON.stringify({ images, annotations, categories }))
  console.log(`${folder}/${name}: ${count} pictures with ${annotations.length} objects`)
}

/** A JPEG with noise, as a camera makes it. */
async function render (svg, random) {
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const noise = between(random, 0, MAX_NOISE)
  for (let i = 0; i < data.length; i++) data[i] = Math.max(0, Math.min(255, data[i] + noise * (random() - 0.5)))
  return await sharp(data, { raw: info }).jpeg({ quality: 90 }).toBuffer()
}
