import { appendFileSync, mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { areEqual, fileStates, statesOfModels } from '../../engine/model-files.ts'
import { cpuClock } from '../support/cpu-time.ts'

t.test('the files of a folder and of those in it, without hidden ones', async t => {
  const folder = t.testdir({ 'a.yml': '1', '.hidden': '2', b: { 'train_cfg.yml': '3', deeper: { 'c.yml': '4' } } })
  symlinkSync('nowhere', join(folder, 'broken'))
  t.same([...(await fileStates(folder)).keys()].sort(), ['a.yml', join('b', 'train_cfg.yml')])
  t.equal((await fileStates(undefined)).size, 0)
  t.equal((await fileStates(join(folder, 'none'))).size, 0)
})

t.test('states differ in size, time and which files there are', async t => {
  const folder = t.testdir({ 'a.yml': '1' })
  const before = await fileStates(folder)
  t.ok(areEqual(before, await fileStates(folder)))
  appendFileSync(join(folder, 'a.yml'), '2')
  const longer = await fileStates(folder)
  t.notOk(areEqual(before, longer))
  utimesSync(join(folder, 'a.yml'), 1, 1)
  t.notOk(areEqual(longer, await fileStates(folder)))
  rmSync(join(folder, 'a.yml'))
  t.notOk(areEqual(longer, await fileStates(folder)))
})

t.test('a model\'s files have its name, or are in its folder', async t => {
  const folder = t.testdir({
    'a.yml': '', 'a.ckpt': '', 'a.calibration.json': '', 'ab.yml': '', b: { 'b.yml': '', 'last.ckpt': '' }, run: { 'cfg.yml': '', 'best.ckpt': '' }
  })
  const files = await fileStates(folder)
  const namesOf = (name: string): string[] => statesOfModels(files)(name).split('\n').filter(Boolean).map(line => line.split(' ')[0]!)
  t.same(namesOf('a'), ['a.calibration.json', 'a.ckpt', 'a.yml'])
  t.same(namesOf('b'), [join('b', 'b.yml'), join('b', 'last.ckpt')])
  t.same(namesOf('cfg'), [join('run', 'best.ckpt'), join('run', 'cfg.yml')], 'by a file in it')
  t.same(namesOf('run'), [join('run', 'best.ckpt'), join('run', 'cfg.yml')], 'by its own name')
  t.same(namesOf('none'), [])
  mkdirSync(join(folder, 'c'))
  t.same(namesOf('c'), [])
})

t.test('the states of thousands of models are found in a moment', async t => {
  const names = Array.from({ length: 5000 }, (_, i) => `m.${i}`)
  const files = new Map(names.flatMap(name => [[`${name}.yml`, '1'], [`${name}.ckpt`, '2']] as const))
  const spent = cpuClock()
  const stateOf = statesOfModels(files)
  t.ok(names.every(name => stateOf(name) === `${name}.ckpt 2\n${name}.yml 1`))
  t.ok(spent() < 1000)
})
