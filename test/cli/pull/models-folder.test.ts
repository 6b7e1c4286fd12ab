import t from 'tap'
import { modelsFolder, requiredFolder } from '../../../cli/pull/models-folder.ts'

t.test('the option goes before the variable, and an empty variable counts as unset', async t => {
  const set = (value: string | undefined): void => { if (value === undefined) delete process.env['MODELS_DIR']; else process.env['MODELS_DIR'] = value }
  const before = process.env['MODELS_DIR']
  t.teardown(() => set(before))
  set('/srv/models')
  t.strictSame([modelsFolder('here'), modelsFolder(undefined), requiredFolder(undefined)], ['here', '/srv/models', '/srv/models'])
  set('')
  t.strictSame([modelsFolder('here'), modelsFolder(undefined)], ['here', undefined])
  t.throws(() => requiredFolder(undefined), { name: 'UsageError', message: /--models-dir DIR, or set MODELS_DIR/ })
})
