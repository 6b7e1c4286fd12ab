import { writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { verifyCheckpoint } from '../../../cli/pull/verify.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { safetensorsFile, seededModel, SMALL, torchFile } from '../../support/model-files.ts'

const MODEL = REGISTRY.get('nanodet-m-0.5x')!
const { stateDict } = seededModel(MODEL)
const CHECKPOINT = torchFile(stateDict)

async function verify (t: Test, bytes: string | Uint8Array): Promise<void> {
  const path = `${t.testdir({})}/file`
  await writeFile(path, bytes)
  await verifyCheckpoint(path, MODEL, 'https://example.com/a')
}

t.test('checkpoints of the model are accepted, whatever their format', async t => {
  await verify(t, CHECKPOINT)
  await verify(t, safetensorsFile(stateDict))
})

t.test('what is something else is named', async t => {
  const html = '\uFEFF\n<!DOCTYPE html><html><head><title>Sign in &amp; go on</title>'
  const cases: Array<[string | Uint8Array, string | RegExp]> = [
    ['', 'an empty file'],
    [html, 'a web page instead of a checkpoint: Sign in & go on'],
    ['<html><body>Quota exceeded', /Google Drive refuses it/],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n', /^a Git LFS pointer instead of a checkpoint/],
    ['{"error": "not found, sorry"}', /^not a checkpoint of nanodet-m-0\.5x: /],
    [CHECKPOINT.subarray(0, 500_000), /^not a checkpoint of nanodet-m-0\.5x: /],
    [torchFile(seededModel(SMALL).stateDict), /^not a checkpoint of nanodet-m-0\.5x: .*3 classes/],
    [torchFile({ ...stateDict, parameters: new Map([...stateDict.parameters].slice(1)) }), /^not a checkpoint of nanodet-m-0\.5x: /]
  ]
  for (const [bytes, problem] of cases) {
    const message = problem instanceof RegExp ? new RegExp(`^https://example.com/a: ${problem.source.replace('^', '')}`) : `https://example.com/a: ${problem}`
    await t.rejects(verify(t, bytes), { name: 'DownloadError', message })
  }
})
