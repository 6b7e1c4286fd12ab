import t from 'tap'
import pino from 'pino'
import { Engine } from '../../engine/engine.ts'
import { logModelsDir } from '../../server/models-dir-log.ts'

const files = Object.fromEntries(Array.from({ length: 22 }, (_, i) => [`notes${String(i).padStart(2, '0')}.txt`, '']))

t.test('files of MODELS_DIR that belong to no model are logged, and that it has none', async t => {
  const lines: Array<Record<string, unknown>> = []
  const logger = pino({}, { write: (line: string) => { lines.push(JSON.parse(line)) } })
  const directory = t.testdir(files)
  const engine = new Engine({ places: { builtIn: true, directory, precision: 'fp32' }, workers: 1, threads: 1, jobTimeout: 60_000, queue: { maxJobs: 1, maxBytes: 1 } })
  t.teardown(() => engine.close())
  await engine.start()
  logModelsDir(logger, engine, undefined)
  t.same(lines, [], 'MODELS_DIR is not set')
  logModelsDir(logger, engine, directory)
  t.match(lines[0], { level: 40, directory, msg: 'MODELS_DIR has no models' })
  t.match(lines[1], { level: 30, file: 'notes00.txt', msg: 'MODELS_DIR: ignored notes00.txt: it is not a model file' })
  t.equal(lines.length, 22)
  t.match(lines.at(-1), { msg: 'MODELS_DIR: ignored 2 more files' })
})
