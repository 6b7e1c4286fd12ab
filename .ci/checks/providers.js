/**
 * The server on an execution provider that is not the CPU's: onnxruntime's WebGPU, on the software device for Vulkan inside
 * Debian's chromium. That device takes 0.3 s for a network of 96×64 pixels, so it shows what is computed, not how fast.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../../dist/cli/load/server-process.js'
import { photo } from '../../dist/test/support/files.js'
import { safetensorsFile, seededModel, SMALL } from '../../dist/test/support/model-files.js'
import { upstreamYaml } from '../../dist/test/support/upstream-yaml.js'

const VULKAN = { LD_LIBRARY_PATH: '/usr/lib/chromium', VK_ICD_FILENAMES: '/usr/lib/chromium/vk_swiftshader_icd.json' }
const PHOTOS = ['sample-me.jpg', 'sample1.jpg', 'sample-me.jpg']
const MAX_BATCH = 2
const TOLERANCE = 1e-3

const folder = mkdtempSync(join(tmpdir(), 'nanodet-providers-'))
writeFileSync(join(folder, 'small.yml'), upstreamYaml(SMALL))
writeFileSync(join(folder, 'small.safetensors'), safetensorsFile(seededModel(SMALL).stateDict))
const settings = { ...VULKAN, MODELS_DIR: folder, DEFAULT_MODEL: 'small', PRELOAD: 'small', WORKERS: '1', REQUEST_TIMEOUT: '60000' }

/** What the server finds on the photos, sent at once, and what it says about itself. */
async function run (env) {
  const server = await startServer({ ...settings, ...env })
  const get = async path => await (await fetch(`${server.base}${path}`)).text()
  const detect = async name => {
    const body = photo(name)
    const response = await fetch(`${server.base}/detect?score_threshold=0.3&max_detections=20`, { method: 'POST', body })
    return (await response.json()).detections
  }
  try {
    const found = await Promise.all(PHOTOS.map(detect))
    return { found, model: JSON.parse(await get('/models/small')), metrics: await get('/metrics') }
  } finally {
    await server.end()
  }
}

const cpu = await run({ EXECUTION_PROVIDERS: 'cpu' })
const device = await run({ EXECUTION_PROVIDERS: 'cuda,webgpu,cpu', MAX_BATCH: String(MAX_BATCH) })
rmSync(folder, { recursive: true })
assert.equal(cpu.model.provider, 'cpu')
assert.equal(device.model.provider, 'webgpu', 'CUDA has no libraries here')
assert.match(device.metrics, /^nanodet_model_info\{model="small",provider="webgpu",precision="fp32"\} 1$/m)
assert.match(device.metrics, /^nanodet_batch_size_sum\{task="detect",model="small"\} 5$/m, 'one photo alone, then two in one run')
for (const [i, expected] of cpu.found.entries()) {
  const found = device.found[i]
  assert.ok(expected.length > 0)
  assert.deepEqual(found.map(({ label }) => label), expected.map(({ label }) => label))
  for (const [j, { box, score }] of expected.entries()) {
    assert.ok(Math.abs(found[j].score - score) < TOLERANCE, `photo ${i}: ${found[j].score} and ${score}`)
    for (const [side, at] of Object.entries(box)) assert.ok(Math.abs(found[j].box[side] - at) < 1, `photo ${i}: ${side} ${found[j].box[side]} and ${at}`)
  }
}
console.log(`webgpu and cpu find the same ${cpu.found.flat().length} objects`)
