import { readFile, stat } from 'node:fs/promises'
import t from 'tap'
import { readSafetensors } from '../../models/checkpoints/safetensors.ts'
import { convert, copyCalibrations, readPackage } from '../../models/convert.ts'
import { REGISTRY } from '../../models/registry.ts'
import { builtInCalibration, readCalibration } from '../../models/calibration-table.ts'
import { weightsFile } from '../../models/weights.ts'
import { source } from '../support/files.ts'

const config = REGISTRY.get('nanodet-m-416')!

t.test('the package holds all of upstream\'s folded parameters', async t => {
  const { folded, parameters } = await readPackage(config)
  t.ok(folded)
  t.equal([...parameters.values()].reduce((total, { data }) => total + data.length, 0), 941_818)
})

t.test('the file that the build wrote holds the package\'s figures', async t => {
  const written = readSafetensors(await readFile(weightsFile(config)))
  t.same(written, await readPackage(config))
})

t.test('a second build leaves the file alone', async t => {
  const { mtimeMs } = await stat(weightsFile(config))
  await convert(config)
  t.equal((await stat(weightsFile(config))).mtimeMs, mtimeMs)
})

t.test('the repository\'s calibration tables lie beside the weights', async t => {
  await copyCalibrations()
  for (const name of ['nanodet-m-416', 'nanodet-plus-m-416', 'nanodet-plus-m-320']) {
    t.same(await readCalibration(builtInCalibration(REGISTRY.get(name)!)!), JSON.parse(source(`models/calibration/${name}.json`)))
  }
})
