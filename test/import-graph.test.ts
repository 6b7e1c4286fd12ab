import t from 'tap'
import { circlesIn, fileImports, importsIn, partImports, reachedFrom } from './support/import-graph.ts'

t.test('imports of every form are found', async t => {
  const text = ["import t from 'tap'", "import type { A } from './a.ts'", 'import {', '  b,', '  c', "} from '../b.ts'", "export * from './d.ts'", "import './e.ts'",
    "const text = 'import from'"].join('\n')
  t.same(importsIn(text), ['tap', './a.ts', '../b.ts', './d.ts', './e.ts'])
  t.same(importsIn(text, { types: false }), ['tap', '../b.ts', './d.ts', './e.ts'])
})

t.test('circles are found, however long', async t => {
  const graph = (text: string) => new Map(text.split('; ').map(line => line.split(': ')).map(([from, to = '']) => [from!, to.split(' ').filter(Boolean)]))
  t.same(circlesIn(graph('a: b c; b: c; c:')), [])
  t.same(circlesIn(graph('a: a')), [['a', 'a']])
  t.same(circlesIn(graph('x: a; a: b; b: c; c: a')), [['a', 'b', 'c', 'a']])
  t.same(circlesIn(graph('a: b; b: a; c: d; d: c')), [['a', 'b', 'a'], ['c', 'd', 'c']])
  t.same(circlesIn(graph('a: b c; b: d; c: d; d: c')), [['d', 'c', 'd']])
})

t.test('files in a circle of folders need not be in one themselves', async t => {
  const texts: Record<string, string> = {
    'm/top.ts': "import './a/one.ts'",
    'm/base.ts': "import type { Z } from 'zod'",
    'm/a/one.ts': "import { two } from '../b/two.ts'\nimport '../base.ts'",
    'm/a/deep/three.ts': '',
    'm/b/two.ts': "import '../a/deep/three.ts'"
  }
  const files = fileImports(Object.keys(texts), path => texts[path]!)
  t.same(files.get('m/a/one.ts'), ['m/b/two.ts', 'm/base.ts'])
  t.same(circlesIn(files), [])
  t.same(circlesIn(partImports(files)), [['m/a', 'm/b', 'm/a']])
  t.same(reachedFrom('m/b/two.ts', files), ['m/b/two.ts', 'm/a/deep/three.ts'])
})
