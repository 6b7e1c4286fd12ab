/** Checks the links, marks, names and wording of the README and docs/. test/docs-commands.test.ts runs their commands. */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { foreignInCode, foreignInPage } from './support/wording.ts'
import { rootUrl, source } from './support/files.ts'
import { stepsOf, undecided } from './support/fences.ts'
import { DOCS, PAGES } from './support/pages.ts'
import { anchorsOf, linksOf } from './support/links.ts'
import { commandHelp } from './support/run-step.ts'
import { difference } from './support/stated-output.ts'

/** Code whose texts are checked for their wording. */
const FOLDERS = ['nn', 'backbone', 'neck', 'head', 'models', 'engine', 'bulk', 'server', 'cli', 'bench', 'bin', 'api', 'client']
/** `npx nanodet models pull NAME`, up to what ends it in a shell or in Markdown */
const COMMAND = /npx nanodet ((?:models |bulk |bench (?=passes))?[a-z]+)([^`\n|;&#]*)/g
/** `nn/dim.ts` */
const SOURCE_FILE = /`((?:nn|backbone|neck|head|models|engine|bulk|server|cli|bench|bin|api|client|test|deploy|docs|\.ci)\/[\w./-]+\.\w+)`/g

t.test('every relative link, anchor and image exists', async t => {
  for (const page of PAGES) {
    for (const link of linksOf(source(page))) {
      const [target, anchor] = link.split('#') as [string, string?]
      const path = target === '' ? page : join(dirname(page), target)
      if (!t.ok(existsSync(new URL(path, rootUrl)), `${page}: ${link}`) || anchor === undefined) continue
      t.ok(anchorsOf(source(path)).includes(anchor), `${page}: ${link}`)
    }
  }
})

t.test('every source file that is named exists', async t => {
  for (const page of PAGES.filter(page => page !== 'CHANGELOG.md')) {
    const missing = [...source(page).matchAll(SOURCE_FILE)].map(([, path]) => path!)
      .filter(path => ![path, path.replace(/\.js$/, '.ts')].some(path => existsSync(new URL(path, rootUrl))))
    t.same(missing, [], page)
  }
})

t.test('docs/README.md lists every page', async t => {
  const listed = linksOf(source('docs/README.md'))
  for (const page of DOCS.map(path => path.slice('docs/'.length)).filter(name => name !== 'README.md')) t.ok(listed.includes(page), page)
})

t.test('every command is run, or has a reason why not', async t => {
  for (const page of PAGES) t.same(undecided(source(page)).map(({ line, text }) => `${line}: ${text.split('\n')[0]}`), [], page)
})

t.test('pages and messages are in plain English', async t => {
  for (const page of PAGES) t.same(foreignInPage(source(page)), [], page)
  for (const folder of FOLDERS) {
    for (const name of readdirSync(new URL(folder, rootUrl), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) t.same(foreignInCode(source(join(folder, name))), [], join(folder, name))
    }
  }
})

t.test('commands and their options exist', async t => {
  const helps = new Map<string, string | undefined>()
  for (const page of PAGES) {
    for (const [line, command, rest] of source(page).matchAll(COMMAND)) {
      if (!helps.has(command!)) helps.set(command!, commandHelp(command!))
      const options = [...rest!.matchAll(/ --[a-z][a-z-]*/g)].map(([option]) => option.trim())
      for (const option of ['Usage', ...options]) t.match(helps.get(command!), option, `${page}: ${line.trim()}`)
    }
  }
})

t.test('differences in output are found', async t => {
  t.equal(difference('{"a": 1, "b": [2.5, 3]}', '{"a":1,"b":[2.501,3]}\n'), undefined)
  t.equal(difference('3 objects; ms: decode 5.0, total 8.2\ndone', '3 objects; ms: decode 9.9, total 10\ndone'), undefined)
  t.equal(difference('{"time_ms": 3, "id": "…", "x": 1}', '{"time_ms":77,"id":"4f-2a","x":1}'), undefined)
  t.equal(difference('a … d', 'a b c d'), undefined)
  t.equal(difference('first …', 'first second'), undefined)
  t.match(difference('score 0.75', 'score 0.77'), /after score: stated 0.75/)
  t.match(difference('12 layers', '13 layers'), /stated 12/)
  t.match(difference('a b', 'a b c'), /after a b/)
  t.match(difference('a … d', 'a b c'), /stated … d/)
  t.match(difference('stop sign', ''), /stated stop sign/)
})

t.test('blocks without a decision are found', async t => {
  const block = (language: string, mark = '') => `${mark}\n\`\`\`${language}\nls\n\`\`\`\n\n`
  const lines = (page: string) => undecided(page).map(({ line }) => line)
  t.same(lines(block('sh', '<!-- run -->') + block('', '<!-- output -->') + block('yaml')), [])
  t.same(lines(block('sh', '<!-- not run: needs root -->') + block('')), [])
  t.same(lines(block('sh')), [2])
  t.same(lines(block('sh', '<!-- runs -->')), [2])
  t.same(lines(block('sh', '<!-- run -->') + block('')), [7])
  t.same(lines(block('', '<!-- output -->')), [2])
  t.same(stepsOf(block('sh', '<!-- run, server with API_KEYS=a PORT=1 -->')).map(({ env }) => env), [{ API_KEYS: 'a', PORT: '1' }])
})

t.test('foreign phrases are found', async t => {
  t.same(foreignInPage('Fine.\nA model of one\'s own, `is no code` told so.'), ['2: of one\'s own', '2: told'])
  t.same(foreignInCode('const a = `ten $' + '{b} at the most` // told\nconst c = "is no longer"'), ['1: at the most'])
})
