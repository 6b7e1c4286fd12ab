import { mkdirSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { detect as command } from '../../../cli/commands/detect.ts'
import { photo } from '../../support/files.ts'
import { call } from '../../support/io.ts'
import { ownModels } from '../../support/own-models.ts'

const small = await sharp(photo('sample-me.jpg')).resize(60).jpeg().toBuffer()
const large = await sharp(photo('sample-me.jpg')).resize(2500).jpeg().toBuffer()
const { folder } = ownModels(t, { 'empty.jpg': '' })
mkdirSync(`${folder}/many/sub`, { recursive: true })
for (const [name, bytes] of Object.entries({ 'a.jpg': large, 'b.jpg': small, 'c.jpg': 'text', 'sub/d.jpg': small })) writeFileSync(`${folder}/many/${name}`, bytes)
const detect = (...argv: string[]) => call(command, [...argv, '--model', `${folder}/small.yml`])

t.test('a folder\'s photos are printed in their order, whatever each takes, and failures between them', async t => {
  const { exitCode, stdout, stderr } = await detect(`${folder}/many`, `${folder}/none.jpg`, `${folder}/many/b.jpg`, '--json', '--workers', '2')
  const files = stdout.trimEnd().split('\n').map(line => JSON.parse(line).file)
  t.same(files, ['a.jpg', 'b.jpg', 'sub/d.jpg', 'b.jpg'].map(name => `${folder}/many/${name}`))
  t.same(exitCode, 1)
  t.match(stderr, /^.*c\.jpg: Cannot decode plain text.*\n.*none\.jpg: no such file or directory\n$/)
})

t.test('a drawing is of one photo, and no photo', async t => {
  t.match(await detect(`${folder}/many`, '--out', `${folder}/drawn.jpg`), { exitCode: 2, stderr: '--out: expected a folder, since there are several photos\n' })
  t.match(await detect(`${folder}/many/b.jpg`, '--out', `${folder}/many/./b.jpg`), { exitCode: 2, stderr: /is the photo itself\n$/ })
  t.match(await detect(`${folder}/empty.jpg`, '--out', `${folder}/drawn.jpg`), { exitCode: 1, stderr: /empty\.jpg: The image is empty\n$/ })
})
