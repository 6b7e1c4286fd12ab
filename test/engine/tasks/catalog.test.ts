import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { CATALOG, TASK_NAMES } from '../../../engine/tasks/catalog.ts'
import { rootUrl, source } from '../../support/files.ts'

const compiled = (path: string): string => new URL(`dist/${path}`, rootUrl).href

/** Native libraries of ours that a process has loaded once it has run a script. */
async function nativeLibraries (script: string): Promise<string[]> {
  const report = 'console.log(JSON.stringify(process.report.getReport().sharedObjects))'
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', `${script}; ${report}`])
  const paths = JSON.parse(stdout) as string[]
  return ['vips', 'onnxruntime'].filter(library => paths.some(path => path.includes(library)))
}

t.test('every task is listed, under its own name', async t => {
  const files = readdirSync(new URL('engine/tasks/', rootUrl)).map(file => `engine/tasks/${file}`)
  const defined = files.flatMap(path => [...source(path).matchAll(/^export const (\w+): Task</gm)].map(([, name]) => name!))
  t.ok(defined.length >= 3)
  t.same(TASK_NAMES.toSorted(), defined.toSorted())
  for (const name of TASK_NAMES) t.equal((await CATALOG[name].load()).name, name)
})

t.test('whoever names tasks, and asks what supports them, loads no native library', async t => {
  const supports = TASK_NAMES.map(name => `(await CATALOG.${name}.load()).supports({ task: 'detect' })`).join('; ')
  t.same(await nativeLibraries(`import { CATALOG } from '${compiled('engine/tasks/catalog.js')}'; ${supports}`), [])
  t.same(await nativeLibraries(`import '${compiled('engine/engine.js')}'`), [], 'the main process')
  t.same(await nativeLibraries(`import '${compiled('engine/tasks/detect-pipeline.js')}'`), ['vips', 'onnxruntime'], 'a worker does')
})
