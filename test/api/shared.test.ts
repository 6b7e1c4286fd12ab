import { execFile } from 'node:child_process'
import { mkdir, rmdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { closeShared, detect, features } from '../../api/shared.ts'
import { rootUrl } from '../support/files.ts'
import { STREET, STREET_LABELS } from '../support/street.ts'

const API = new URL('dist/api/index.js', rootUrl).href
const STREET_PATH = fileURLToPath(new URL('docs/images/street.jpg', rootUrl))
const run = promisify(execFile)

const script = (before = '') => `
  import { readFileSync } from 'node:fs'
  ${before}
  const { detect } = await import('${API}')
  const { detections } = await detect(readFileSync('${STREET_PATH}'))
  console.log(detections.map(({ label }) => label).join())`

t.test('one engine for all calls', async t => {
  const [found, maps] = await Promise.all([detect(STREET, { maxDetections: 1 }), features(STREET, { layers: 'stage2' })])
  t.same(found.detections.map(({ label }) => label), STREET_LABELS.slice(0, 1))
  t.same(maps.get('stage2')?.shape, [1, 116, 52, 52])
  await closeShared()
  await closeShared()
  t.equal((await detect(STREET)).detections.length, 3, 'another engine starts')
  await closeShared()
})

t.test('a script ends by itself, whatever its options are', async t => {
  const args = ['--import', 'data:text/javascript,globalThis.isLoaded=true', '--input-type=module', '--eval', script()]
  const { stdout, stderr } = await run(process.execPath, args, { timeout: 60_000 })
  t.equal(stdout, `${STREET_LABELS.join()}\n`)
  t.equal(stderr, '')
})

t.test('an odd NODE_OPTIONS and a deleted working directory don\'t matter', async t => {
  const folder = `${t.testdir()}/gone`
  await mkdir(folder)
  const odd = `process.chdir('${folder}'); process.env.NODE_OPTIONS = (process.env.NODE_OPTIONS ?? '') + ' --import ./not-there.js --max-old-space-size=900'
    ;(await import('node:fs')).rmdirSync('${folder}')`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script(odd)], { timeout: 60_000 })
  t.equal(stdout, `${STREET_LABELS.join()}\n`)
  await t.rejects(rmdir(folder), { code: 'ENOENT' })
})
