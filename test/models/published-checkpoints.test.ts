import t from 'tap'
import { PUBLISHED_CHECKPOINTS } from '../../models/published-checkpoints.ts'
import { REGISTRY } from '../../models/registry.ts'
import { source } from '../support/files.ts'

t.test('every model of the registry has a published checkpoint, and nothing else has', async t => {
  t.strictSame([...PUBLISHED_CHECKPOINTS.keys()], [...REGISTRY.keys()])
})

t.test('links are on Google Drive or GitHub, each once, and the documentation has them', async t => {
  const urls = [...PUBLISHED_CHECKPOINTS.values()].flat()
  t.equal(new Set(urls).size, urls.length)
  const docs = source('docs/models.md')
  for (const url of urls) {
    t.match(url, /^https:\/\/(drive\.google\.com\/file\/d\/[\w-]{33}\/view|github\.com\/RangiLyu\/nanodet\/releases\/download\/.+\.ckpt)$/)
    t.ok(docs.includes(url), url)
  }
})
