import t from 'tap'
import { MissingPackageError, OtherRunError, SourceError } from '../../../bulk/errors.ts'
import { canBeListedAgain, openArgs, runError } from '../../../cli/detect/open-args.ts'
import { DETECT_OPTIONS, type DetectOptions } from '../../../cli/detect/options.ts'
import { ModelLoadError, WrongTaskError } from '../../../engine/errors.ts'
import { UnknownLayerError } from '../../../models/choose-layers.ts'
import { ARTIFACT } from '../../support/built-in.ts'

const DEFAULTS = Object.entries(DETECT_OPTIONS).map(([name, schema]) => [name, schema.parse(undefined)])
const OPTIONS = Object.fromEntries(DEFAULTS) as unknown as DetectOptions

t.test('sources are opened; the output folder is none', async t => {
  const folder = t.testdir({ 'a.jpg': '', out: { 'b.jpg': '' } })
  const { source, reader } = await openArgs([folder], OPTIONS, `${folder}/out`)
  const names = []
  for await (const { name } of source.items()) names.push(name)
  await reader.close()
  t.same(names, [`${folder}/a.jpg`])
})

t.test('what can be listed again', async t => {
  const folder = t.testdir({ 'list.txt': '' })
  t.ok(await canBeListedAgain([folder, `@${folder}/list.txt`]))
  t.notOk(await canBeListedAgain([folder, '-']))
  t.notOk(await canBeListedAgain(['@/dev/null']))
  t.notOk(await canBeListedAgain([`@${folder}/none.txt`]))
})

t.test('errors of runs are one line, with an exit code', async t => {
  const cases: Array<[error: Error, name: string, message: RegExp]> = [
    [new OtherRunError('found has other results'), 'UsageError', /^found has other results$/],
    [new SourceError('photos: no images'), 'CommandError', /^photos: no images$/],
    [new MissingPackageError('yauzl', 'zip'), 'CommandError', /npm install yauzl/],
    [new ModelLoadError('small', 'small.ckpt: no such file'), 'CommandError', /^small\.ckpt: no such file/],
    [new WrongTaskError('kinds', 'detect', ['classify']), 'UsageError', /^--model: nanodet-m-416 does not support detect; use nanodet classify/],
    [new UnknownLayerError('stage9', ['stage2']), 'UsageError', /^--features: unknown layer stage9; .*nanodet features --list/],
    [new TypeError('a fault'), 'TypeError', /^a fault$/]
  ]
  for (const [error, name, message] of cases) t.match(runError(error, ARTIFACT), { name, message })
})
