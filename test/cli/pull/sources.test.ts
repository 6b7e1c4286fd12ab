import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { shownUrl, sourceUrl } from '../../../cli/pull/sources.ts'

t.test('--from takes URLs and paths', async t => {
  t.equal(sourceUrl('https://example.com/a.ckpt?x=1').href, 'https://example.com/a.ckpt?x=1')
  t.equal(sourceUrl('http://example.com').href, 'http://example.com/')
  t.equal(sourceUrl('some dir/a.ckpt').href, pathToFileURL(resolve('some dir/a.ckpt')).href)
  t.equal(sourceUrl('file:///srv/a.ckpt').href, 'file:///srv/a.ckpt')
})

t.test('other protocols are refused', async t => {
  for (const from of ['ftp://example.com/a.ckpt', 'http://[', 'data:,x']) {
    t.throws(() => sourceUrl(from), { name: 'UsageError', message: `--from: expected a path or an http or https URL, found ${from}` })
  }
})

t.test('URLs are shown without credentials', async t => {
  t.equal(shownUrl(new URL('https://me:secret@example.com/a?b=c')), 'https://example.com/a?b=c')
})
