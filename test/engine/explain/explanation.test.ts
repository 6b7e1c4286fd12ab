import { join } from 'node:path'
import t from 'tap'
import { VERDICTS } from '../../../engine/explain/explanation.ts'
import { source } from '../../support/files.ts'

/** Files that a file loads, itself included: types are not loaded. */
function loadedBy (path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  const targets = [...source(path).matchAll(/^import (?!type ).* from '(.*)'$/gm)].map(([, target]) => target!)
  for (const target of targets) loadedBy(join(path, '..', target), seen)
  return seen
}

t.test('what the page needs for verdicts loads nothing native', async t => {
  for (const file of ['explanation', 'judge', 'verdict']) {
    for (const path of loadedBy(`engine/explain/${file}.ts`)) t.match(path, /^(engine\/explain|head\/decode)\/[\w-]+\.ts$/)
  }
})

t.test('each kind of verdict is in the documentation', async t => {
  for (const kind of VERDICTS) t.match(source('docs/explain.md'), `| \`${kind}\` |`)
})
