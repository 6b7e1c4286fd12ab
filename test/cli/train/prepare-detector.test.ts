import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { prepareDetector } from '../../../cli/train/prepare-detector.ts'
import { TRAIN_OPTIONS, type TrainOptions } from '../../../cli/train/options.ts'
import { writeConfig } from '../../../models/files/write-config.ts'
import { labeledPhotos } from '../../support/labeled-photos.ts'
import { SMALL } from '../../support/model-files.ts'

const { photos, truth } = await labeledPhotos(5)
const config = { ...SMALL, input: { width: 64, height: 64 } }

async function prepared (t: Test, more: Record<string, string> = {}) {
  const folder = t.testdir({ photos, val: { ...(await labeledPhotos(2, 9)).photos }, 'truth.json': JSON.stringify(truth), 'val.json': JSON.stringify((await labeledPhotos(2, 9)).truth), 'tiny.json': writeConfig({ kind: 'detector', config }) })
  const given: Record<string, string> = { images: `${folder}/photos`, annotations: `${folder}/truth.json`, model: `${folder}/tiny.json`, out: `${folder}/models/tiny`, workers: '1', ...more }
  const options = Object.fromEntries(Object.entries(TRAIN_OPTIONS).map(([name, schema]) => [name, schema.parse(given[name]?.replace('DIR', folder))])) as unknown as TrainOptions
  const io = { stdout: new PassThrough(), stderr: new PassThrough() }
  return await prepareDetector(options, io)
}

t.test('a part of the photos validates, or others do', async t => {
  const { data, folder, spec, base, files } = await prepared(t)
  t.same([data.train.length, data.validation.length], [4, 1])
  t.match(folder, /photos$/)
  t.match([files.name, base.config.labels, spec.config.name], ['tiny', ['disc', 'square'], 'tiny'])
  const other = await prepared(t, { valImages: 'DIR/val', valAnnotations: 'DIR/val.json' })
  t.same([other.data.train.length, other.data.validation.length], [5, 2])
  t.match(other.folder, /val$/)
})
