import { execFile } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { LANGUAGES, snippetOf, type SnippetRequest } from '../../../../server/page/logic/snippets.ts'
import { shownRequest } from '../../../../server/page/logic/shown-request.ts'
import { INITIAL } from '../../../../server/page/logic/state.ts'
import { startApp } from '../../../support/server.ts'
import { STREET, STREET_LABELS } from '../../../support/street.ts'

const base = 'https://example.com/nanodet/'
const request = (patch: object, photo = 'street.jpg', hasKey = false): SnippetRequest =>
  ({ ...shownRequest({ ...INITIAL, ...patch }, photo), base, photo, hasKey })

t.test('curl', async t => {
  t.equal(snippetOf('curl', request({})), "curl --data-binary '@street.jpg' 'https://example.com/nanodet/detect'")
  t.equal(snippetOf('curl', request({ score: 0.5, classes: ['bus', 'traffic light'] }, "it's $HOME.jpg", true)),
    "curl -H 'authorization: Bearer YOUR_KEY' --data-binary '@it'\\''s $HOME.jpg' 'https://example.com/nanodet/detect?score_threshold=0.5&classes=bus,traffic+light'")
  t.equal(snippetOf('curl', request({ tab: 'network', layer: 'stage3' }, '-')),
    "curl --data-binary '@./-' -o './-.stage3.overlay.jpg' 'https://example.com/nanodet/features?layers=stage3&format=overlay'")
})

t.test('Python', async t => {
  t.equal(snippetOf('Python', request({}, "it's \"new\"\n\\.jpg", true)), `import json, urllib.request

photo = open('it\\'s "new"\\n\\\\.jpg', 'rb').read()
request = urllib.request.Request('https://example.com/nanodet/detect', data=photo, headers={'authorization': 'Bearer YOUR_KEY'})
with urllib.request.urlopen(request) as reply:
    for found in json.load(reply)['detections']:
        print(found['label'], found['score'], found['box'])
`)
  t.match(snippetOf('Python', request({ region: [1, 2, 3, 4] })), /explain\?region=1,2,3,4.*\['verdict'\]/s)
})

t.test('JavaScript runs as copied, whatever the file is called', async t => {
  const { app } = await startApp(t, { PORT: '0' })
  const base = `${await app.listen({ port: 0 })}/`
  const folder = t.testdir({})
  const photo = 'it\'s a "new" \\ $(street).jpg'
  await writeFile(`${folder}/${photo}`, STREET)
  const run = async (patch: object): Promise<string> => {
    await writeFile(`${folder}/program.mjs`, snippetOf('JavaScript', { ...request(patch, photo), base }))
    return (await promisify(execFile)(process.execPath, ['program.mjs'], { cwd: folder })).stdout
  }
  t.same((await run({})).match(/^[a-z ]+(?= 0)/gm), STREET_LABELS)
  t.match(await run({ selected: '0-0-0-0' }), /^stop sign 0\.75\d* kept$/m)
  t.match(await run({ region: [82, 124, 199, 239], expected: 'stop sign' }), /stop sign.*\.$/m)
  await run({ tab: 'network', layer: 'stage3' })
  t.ok((await readdir(folder)).some(name => name.endsWith('.stage3.overlay.jpg')))
})

t.test('no snippet has the key', async t => {
  for (const language of LANGUAGES) {
    t.match(snippetOf(language, request({}, 'a.jpg', true)), 'Bearer YOUR_KEY', language)
    t.notMatch(snippetOf(language, request({})), 'authorization', language)
  }
})
