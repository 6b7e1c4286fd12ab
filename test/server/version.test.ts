import t from 'tap'
import { onnxruntimeVersion, VERSION } from '../../server/version.ts'
import { source } from '../support/files.ts'

t.test('is the version of package.json, and the newest of CHANGELOG.md', async t => {
  t.equal(VERSION, JSON.parse(source('package.json')).version)
  t.match(source('CHANGELOG.md'), `## ${VERSION}`)
})

t.test('the version of onnxruntime is the installed one', async t => {
  const { dependencies } = JSON.parse(source('package.json'))
  t.equal(onnxruntimeVersion().split('.')[0], dependencies['onnxruntime-node'].replace('^', '').split('.')[0])
})
