import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alone, checkOutput, checkSpace, outputFiles } from '../../../cli/train/output-files.ts'

const FRESH = { resume: false, force: false }

t.test('a model is two files of one name; the state is hidden from servers', async t => {
  t.same(outputFiles('models/street.v2'), {
    folder: 'models', name: 'street.v2', weights: 'models/street.v2.safetensors', config: 'models/street.v2.json', state: 'models/.street.v2.training'
  })
  t.match(outputFiles('street'), { folder: '.', name: 'street', weights: 'street.safetensors' })
})

t.test('names that can\'t be models\'', async t => {
  const refused = {
    'models/street.safetensors': /^--out: expected DIR\/NAME without an ending, found street.safetensors$/,
    'models/.street': /^--out: \.street can't name a model: use letters/,
    'a b': /a b can't name a model/,
    'models/': /^--out: expected DIR\/NAME, found models\/$/,
    [`models/${'é'.repeat(101)}`]: /^--out: expected a name of at most 200 bytes, found é{40}…$/,
    'models/train_cfg': /train_cfg can't name a model: such files/,
    'x.calibration': /x.calibration can't name a model: such files/,
    'models/nanodet-m-416': /^--out: nanodet-m-416 is the name of a published model$/
  }
  for (const [out, message] of Object.entries(refused)) t.throws(() => outputFiles(out), { name: 'UsageError', message })
})

t.test('a folder that does not exist will be made; a file is not one', async t => {
  const folder = t.testdir({ file: '', new: {} })
  checkOutput(outputFiles(join(folder, 'a/b/street')), FRESH)
  t.throws(() => checkOutput(outputFiles(join(folder, 'file/street')), FRESH), { name: 'CommandError', message: /file: is a file, not a directory$/ })
  t.throws(() => checkOutput(outputFiles(join(folder, 'file/deeper/street')), FRESH), { message: /file: is a file, not a directory$/ })
})

t.test('a place where nobody may write', async t => {
  t.throws(() => checkOutput(outputFiles('/proc/models/street'), FRESH), { name: 'CommandError', message: /^\/proc: can't write there: / })
})

t.test('what is there is not replaced by accident', async t => {
  const of = (files: Record<string, string>) => outputFiles(join(t.testdir(files), 'street'))
  const model = of({ 'street.json': '{}', 'street.safetensors': '', 'other.json': '{}' })
  t.throws(() => checkOutput(model, FRESH), { name: 'UsageError', message: /street.json is there: --force replaces the model$/ })
  checkOutput(model, { ...FRESH, force: true })
  const unfinished = of({ '.street.training': '' })
  t.throws(() => checkOutput(unfinished, FRESH), { message: '--out: an unfinished run of street is there: --resume continues it, --force starts again' })
  checkOutput(unfinished, { ...FRESH, resume: true })
  checkOutput(unfinished, { ...FRESH, force: true })
  t.throws(() => checkOutput(of({}), { ...FRESH, resume: true }), { message: /^--resume: no unfinished run of street in / })
  const other = of({ 'street.ckpt': '', 'street.calibration.json': '{}' })
  t.throws(() => checkOutput(other, { ...FRESH, force: true }), { message: /street.ckpt: belongs to another model street: move it away$/ })
})

t.test('a report that could not be written at the end', async t => {
  const files = outputFiles(join(t.testdir({ file: '' }), 'street'))
  checkOutput(files, { ...FRESH, report: join(files.folder, 'new/report.html') })
  t.throws(() => checkOutput(files, { ...FRESH, report: files.folder }), { name: 'CommandError', message: /: is a directory, not a file$/ })
  t.throws(() => checkOutput(files, { ...FRESH, report: join(files.folder, 'file/r.html') }), { message: /file: is a file, not a directory$/ })
})

t.test('one run at a time', async t => {
  const files = outputFiles(join(t.testdir({}), 'new/street'))
  await alone(files, async () => {
    t.same(readdirSync(files.folder), ['.street.training.held'])
    await t.rejects(alone(files, async () => {}), { name: 'CommandError', message: /\.street\.training\.held: another nanodet train is running$/ })
    t.equal(await alone(outputFiles(join(files.folder, 'lane')), async () => 'other names'), 'other names')
  })
  t.same(readdirSync(files.folder), [])
  await t.rejects(alone(outputFiles(join(t.testdir({ file: '' }), 'file/street')), async () => {}), { name: 'CommandError' })
})

t.test('space on the disk', async t => {
  const files = outputFiles(join(t.testdir({}), 'new/street'))
  checkSpace(files, 1000)
  t.throws(() => checkSpace(files, 1e21), { name: 'CommandError', message: /: training needs 1000000000000000 MB there, \d+ MB are free$/ })
})
