import { watch } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngine } from 'nanodet-server'

const QUIET = 300 // milliseconds without a change after which a file counts as complete
const [, , folder = '.'] = process.argv
const engine = await createEngine()
const timers = new Map()

for (const name of await readdir(folder)) changed(name)
watch(folder, (_event, name) => changed(name))
console.log(`watching ${folder}`)

function changed (name) {
  if (!/\.(jpe?g|png|webp)$/i.test(name)) return
  clearTimeout(timers.get(name))
  timers.set(name, setTimeout(() => handle(name).catch(error => console.error(`${name}: ${error.message}`)), QUIET))
}

async function handle (name) {
  timers.delete(name)
  const { detections } = await engine.detect(await readFile(join(folder, name)))
  await writeFile(join(folder, `${name}.json`), JSON.stringify(detections, undefined, 2))
  console.log(`${name}: ${detections.map(({ label }) => label).join(', ') || 'nothing found'}`)
}
