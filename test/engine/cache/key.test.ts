import { appendFileSync, cpSync, rmSync } from 'node:fs'
import t from 'tap'
import { cacheKey, surroundings } from '../../../engine/cache/key.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'

const [fp32, int8] = (['fp32', 'int8'] as const).map(precision => builtInArtifacts(precision)[0]!)

t.test('the key is the same as long as nothing changes', async t => {
  t.match(cacheKey(fp32!), /^[0-9a-f]{64}$/)
  t.equal(cacheKey(fp32!), cacheKey({ ...fp32! }, surroundings()))
})

t.test('precision, onnxruntime and the bits that suit the CPU change the key', async t => {
  const here = surroundings()
  const bits = here.bits === 8 ? 7 : 8
  const keys = [
    cacheKey(fp32!), cacheKey(int8!), cacheKey(fp32!, { ...here, onnxruntime: '1.2.3' }),
    cacheKey(fp32!, { ...here, bits }), cacheKey({ ...fp32!, name: 'other' } as typeof fp32 & {})
  ]
  t.equal(new Set(keys).size, keys.length)
})

t.test('a changed checkpoint and a changed calibration table change the key', async t => {
  const folder = t.testdir()
  for (const part of ['checkpoint', 'calibration'] as const) {
    const copy = `${folder}/${part}`
    cpSync(int8![part]!, copy)
    const key = cacheKey({ ...int8!, [part]: copy })
    t.equal(key, cacheKey(int8!), 'the content counts, not the path')
    appendFileSync(copy, ' ')
    t.not(cacheKey({ ...int8!, [part]: copy }), key)
    rmSync(copy)
    t.throws(() => cacheKey({ ...int8!, [part]: copy }), { code: 'ENOENT' })
  }
})

t.test('changed code changes the key, at any depth', async t => {
  const code = t.testdir()
  for (const folder of ['nn', 'backbone', 'neck', 'head', 'models', 'engine']) cpSync(`${surroundings().code}/${folder}`, `${code}/${folder}`, { recursive: true })
  const copied = { ...surroundings(), code }
  const keys = [cacheKey(fp32!, copied)]
  t.equal(keys[0], cacheKey(fp32!))
  for (const file of ['nn/passes/optimize.js', 'models/kinds/detector.js', 'engine/tasks/detect.js', 'head/new.js']) {
    appendFileSync(`${code}/${file}`, '\n')
    keys.push(cacheKey(fp32!, copied))
  }
  t.equal(new Set(keys).size, 5)
  appendFileSync(`${code}/nn/notes.txt`, 'not code')
  t.equal(cacheKey(fp32!, copied), keys.at(-1))
})
