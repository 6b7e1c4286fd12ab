import t from 'tap'
import { missingSource } from '../../../bulk/sources/missing-source.ts'

t.test('gives a hint', async t => {
  const folder = t.testdir({ photos: {}, 'street.jpg': '' })
  const problem = 'no such file or directory'
  const cases: Record<string, string> = {
    [`${folder}/photso`]: `${problem}; did you mean ${folder}/photos?`,
    [`${folder}/street.jpeg`]: `${problem}; did you mean ${folder}/street.jpg?`,
    [`${folder}/else`]: problem,
    [`${folder}/none/else`]: problem,
    'package.jsno': `${problem}; did you mean package.json?`,
    '~/photos': `${problem}; shells replace ~ only outside of quotes`,
    's3:/bucket': `${problem}; a bucket is named s3://BUCKET/PREFIX`,
    'https://host/a.jpg': `${problem}; URLs other than s3:// are not read; download the images first`,
    '-x': `${problem}; names on standard input are read with a single -`,
    'a\0': 'its name contains a NUL character'
  }
  for (const [name, message] of Object.entries(cases)) {
    t.match(await missingSource(name), { name: 'SourceError', message: `${name}: ${message}` })
  }
})
