import t from 'tap'
import { escapeXml } from '../../engine/xml.ts'

t.test('what has a meaning in XML', async t => {
  t.equal(escapeXml('<a href="x">Q&A, it\'s 1 × 2</a>'), '&lt;a href=&quot;x&quot;&gt;Q&amp;A, it&#39;s 1 × 2&lt;/a&gt;')
})
