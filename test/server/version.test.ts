import t from 'tap'
import { VERSION } from '../../server/version.ts'
import { source } from '../support/files.ts'

t.test('is package.json\'s, and the newest of CHANGELOG.md', async t => {
  t.equal(VERSION, JSON.parse(source('package.json')).version)
  t.match(source('CHANGELOG.md'), `## ${VERSION}`)
})
