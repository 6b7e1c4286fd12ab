/** Holds the invariants of ARCHITECTURE.md that a compiler doesn't. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import t from 'tap'
import { rootUrl, source } from './support/files.ts'
import { circlesIn, fileImports, partImports, importsIn, reachedFrom } from './support/import-graph.ts'
import { NEEDS_REDIS } from './support/needs-redis.ts'

/** What each folder may import. */
const MAY_IMPORT: Record<string, string[]> = {
  nn: [],
  backbone: ['nn'],
  neck: ['nn'],
  head: ['nn'],
  models: ['nn', 'backbone', 'neck', 'head'],
  engine: ['nn', 'head', 'models'],
  training: ['nn', 'backbone', 'neck', 'head', 'models', 'engine'],
  bulk: ['head', 'models', 'engine'],
  server: ['nn', 'head', 'models', 'engine'],
  cli: ['nn', 'head', 'models', 'engine', 'training', 'bulk'],
  bench: ['nn', 'head', 'models', 'engine', 'training', 'bulk', 'server', 'cli'],
  bin: ['models', 'server', 'cli', 'bench'],
  api: ['nn', 'backbone', 'neck', 'head', 'models', 'engine', 'server'],
  client: ['server'] // types only: test/client/client.test.ts
}
/** Packages that only the named files import. */
const ONLY_IN: Record<string, string[]> = {
  sharp: [
    ...['image/decode', 'image/annotate', 'image/crop', 'features/channel-sheet', 'features/contact-sheet', 'features/overlay', 'features/stack'].map(name => `engine/${name}.ts`),
    'bench/soak/images.ts', 'bench/peers/bare.ts'
  ],
  'onnxruntime-node': ['engine/session.ts', 'bench/peers/plain-export.ts'],
  'onnx-buf': ['constants', 'external-data', 'from-onnx', 'to-onnx'].map(name => `nn/onnx/${name}.ts`),
  bullmq: ['bulk/queue/shard-queue.ts', 'bulk/queue/shard-worker.ts'],
  ioredis: ['bulk/queue/redis.ts'],
  '@aws-sdk/client-s3': ['bulk/s3/client.ts', 'bulk/s3/objects.ts'],
  '@aws-sdk/lib-storage': [], // bulk/s3/upload.ts loads it when it writes
  picomatch: ['bulk/sources/folders.ts'],
  yauzl: ['bulk/sources/zip.ts'],
  '@bufbuild/protobuf': ['external-data', 'from-onnx', 'to-onnx'].map(name => `nn/onnx/${name}.ts`)
}
/** What the page in the browser uses, too. */
const PORTABLE = [
  ...['reduce', 'color-map', 'heat', 'area', 'value-range', 'eigen-cam'].map(name => `engine/features/${name}.ts`),
  ...['judge', 'verdict', 'distributions', 'explanation'].map(name => `engine/explain/${name}.ts`),
  ...['nms', 'boxes', 'priors'].map(name => `head/decode/${name}.ts`),
  ...['resize-mode', 'checkpoints/safetensors'].map(name => `models/${name}.ts`)
]
/** The page may call the server like any client. */
const PAGE = 'server/page/'
/** Runs in browsers only, where .ci/checks/page-*.js test it. */
const isForBrowsers = (path: string): boolean => path.startsWith(`${PAGE}view/`) || path === `${PAGE}app.ts`
const MAX_LINES = 250
/** Tests of the project as a whole. */
const OF_ALL = [
  'architecture', 'build', 'deploy', 'deploy-bulk', 'deploy-metrics', 'docs', 'docs-commands', 'examples', 'fuzz', 'gradients', 'import-graph', 'interpreter', 'isolation',
  'run-files'
].map(name => `test/${name}.test.ts`)

const files = (folder: string): string[] => readdirSync(new URL(folder, rootUrl), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts')).map(path => join(folder, path))
const imports = (path: string): string[] => importsIn(source(path))

for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
  t.test(`${folder}/ imports only what lies below it`, async t => {
    for (const path of files(folder)) {
      for (const target of imports(path).filter(target => target.startsWith('.'))) {
        const [other] = join(dirname(path), target).split('/')
        const isPage = path.startsWith(PAGE) && other === 'client'
        t.ok(other === folder || allowed.includes(other!) || isPage, `${path} imports ${target}`)
      }
    }
  })
}

t.test('no imports go round in circles, between files or between folders', async t => {
  const imports = fileImports(Object.keys(MAY_IMPORT).flatMap(files), source)
  t.same(circlesIn(imports).map(circle => circle.join(' → ')), [])
  t.same(circlesIn(partImports(imports)).map(circle => circle.join(' → ')), [])
})

t.test('the server\'s main process loads no native library', async t => {
  const all = fileImports(Object.keys(MAY_IMPORT).flatMap(files), source, { types: false })
  const reached = [...reachedFrom('server/serve.ts', all), ...reachedFrom('server/app.ts', all)]
  t.ok(reached.includes('engine/engine.ts') && reached.includes('server/routes/detect.ts'))
  for (const path of reached) t.notOk(imports(path).some(name => name === 'sharp' || name === 'onnxruntime-node'), path)
})

t.test('some packages have one door', async t => {
  for (const path of Object.keys(MAY_IMPORT).flatMap(files)) {
    for (const name of imports(path)) t.ok(ONLY_IN[name]?.includes(path) ?? true, `${path} imports ${name}`)
  }
})

t.test('what the page uses runs in a browser: without packages, Node\'s modules and its globals', async t => {
  for (const path of PORTABLE) {
    const { outputFiles: [bundle], metafile } = await build({
      absWorkingDir: fileURLToPath(rootUrl), entryPoints: [path], bundle: true, format: 'esm', platform: 'browser', write: false, metafile: true
    })
    t.same(Object.keys(metafile.inputs).filter(file => file.includes('node_modules')), [], path)
    t.notMatch(bundle!.text, /\b(Buffer|process|global|require)\b[.[(]/, path)
  }
})

t.test('one source file, one test file', async t => {
  const tested = (path: string): boolean => {
    const hasCode = /^(export )?(async )?(function|const) |^export class (?!.*extends Error)/m.test(source(path))
    return !hasCode || isForBrowsers(path) || NEEDS_REDIS.includes(path) || files('test').includes(`test/${path.replace(/\.ts$/, '.test.ts')}`)
  }
  for (const path of Object.keys(MAY_IMPORT).flatMap(files)) t.ok(tested(path), path)
  for (const path of files('test').filter(path => path.endsWith('.test.ts') && !OF_ALL.includes(path))) {
    const covered = path.replace(/^test\//, '').replace(/\.test\.ts$/, '.ts')
    t.ok(Object.keys(MAY_IMPORT).some(folder => files(folder).includes(covered)), `${path} tests something`)
  }
})

t.test('files stay small', async t => {
  for (const path of [...Object.keys(MAY_IMPORT), 'test'].flatMap(files)) {
    t.ok(source(path).split('\n').length <= MAX_LINES, path)
  }
})
