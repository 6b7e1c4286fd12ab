/**
 * Runs int8 convolutions and the built-in network on an emulated processor without VNNI. With seven bits they compute there what they
 * compute here; with eight, sums of dense convolutions overflow.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SELF = fileURLToPath(import.meta.url)
const PHOTO = new URL('../../../shared/coco128/images/000000000009.jpg', import.meta.url)
/** AVX2 and FMA, but neither AVX-512 nor VNNI. */
const CPU = 'Haswell-noTSX'
const load = name => import(`../../dist/${name}.js`)

/** What this process's processor computes: wrong sums with seven and with eight bits, and the predictions of the network in a folder. */
async function compute (folder) {
  const [{ Session }, { KINDS, wrongSums }] = await Promise.all(['engine/session', 'test/support/exact-sums'].map(load))
  const sums = {}
  for (const kind of KINDS) sums[kind] = { seven: await wrongSums(kind, 7), eight: await wrongSums(kind, 8) }
  const session = await Session.create(readFileSync(join(folder, 'onnx')), 1)
  const picture = { ...JSON.parse(readFileSync(join(folder, 'size.json'))), pixels: readFileSync(join(folder, 'pixels')) }
  const [{ data }] = Object.values(await session.run(picture))
  return { sums, predictions: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') }
}

/** Writes the built-in network with seven bits, and a photo's pixels. */
async function prepare (folder) {
  const names = ['models/artifact', 'models/kinds/kinds', 'models/network', 'models/checkpoints/state-dict', 'models/quantization/int8-form', 'engine/steps']
  const [{ builtInArtifacts }, { readModel }, { compile }, { weightsOf }, { int8Passes }, { Steps }] = await Promise.all(names.map(load))
  const { config, stateDict, calibration } = await readModel(builtInArtifacts('int8')[0])
  writeFileSync(join(folder, 'onnx'), compile(config, weightsOf(stateDict), { passes: int8Passes(calibration, 7) }))
  const { picture: { pixels, ...size } } = await new Steps(config).preprocess({ bytes: readFileSync(PHOTO), maxPixels: Infinity })
  writeFileSync(join(folder, 'pixels'), pixels)
  writeFileSync(join(folder, 'size.json'), JSON.stringify(size))
}

function emulate (folder) {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'ignore'] }
  return JSON.parse(execFileSync('qemu-x86_64', ['-cpu', CPU, process.execPath, SELF, folder], options))
}

async function compare () {
  const folder = mkdtempSync(join(tmpdir(), 'avx2-'))
  try {
    await prepare(folder)
    const [here, there] = [await compute(folder), emulate(folder)]
    console.log('wrong sums:', there.sums)
    const all = Object.values(there.sums)
    if (all.some(({ seven }) => seven > 0)) throw new Error('sums with seven bits overflow')
    if (!all.some(({ eight }) => eight > 0)) throw new Error('sums with eight bits are exact, too: what is emulated has VNNI')
    if (here.predictions !== there.predictions) throw new Error('the network with seven bits computes something else')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[2]) process.stdout.write(JSON.stringify(await compute(process.argv[2])))
else await compare()
