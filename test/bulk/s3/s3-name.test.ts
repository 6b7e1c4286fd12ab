import t from 'tap'
import { parseS3Name, toS3Name } from '../../../bulk/s3/s3-name.ts'

t.test('a bucket and a key, as it is', async t => {
  const cases: Array<[string, string, string]> = [
    ['s3://bucket', 'bucket', ''],
    ['s3://bucket/', 'bucket', ''],
    ['S3://bucket/a b/c+d%20.jpg', 'bucket', 'a b/c+d%20.jpg'],
    ['s3://bucket//a//b?x#y\n', 'bucket', '/a//b?x#y\n']
  ]
  for (const [name, bucket, key] of cases) t.same(parseS3Name(name), { bucket, key })
  for (const name of ['s3:/bucket', 's3://', 's3:///key', 'a/s3://bucket', 'photos']) t.equal(parseS3Name(name), undefined, name)
  t.equal(toS3Name({ bucket: 'b', key: '/a' }), 's3://b//a')
})
