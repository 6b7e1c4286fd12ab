import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { openS3 } from '../../../bulk/s3/client.ts'
import { missingOnce } from '../../support/missing-once.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'very-secret' }
const VARIABLES = /^AWS_/

/** Requests of a client, in an environment. */
async function requestOf (t: Test, env: Record<string, string>, options = {}) {
  for (const name of Object.keys(process.env)) if (VARIABLES.test(name)) delete process.env[name]
  Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none' }, env)
  const server = createServer((_, response) => response.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const s3 = await openS3({ endpoint, ...options })
  const [[request]] = await Promise.all([
    once(server, 'request'),
    s3.client.send(new s3.sdk.PutObjectCommand({ Bucket: 'bucket', Key: 'x//y+z.jpg', Body: Buffer.from('body') }))
  ])
  s3.client.destroy()
  return { ...s3, request }
}

t.test('the SDK is optional', async t => {
  missingOnce('@aws-sdk/client-s3')
  await t.rejects(openS3(), { name: 'MissingPackageError', message: /^Reading and writing s3:.* npm install @aws-sdk\/client-s3$/ })
})

t.test('signs requests, with the bucket in the path, and without the checksums that other servers refuse', async t => {
  const { request, isAnonymous } = await requestOf(t, { ...KEYS, AWS_DEFAULT_REGION: 'eu-west-1' })
  t.notOk(isAnonymous)
  t.equal(request.url, '/bucket/x//y%2Bz.jpg?x-id=PutObject')
  t.match(request.headers.authorization, /Credential=AKIDEXAMPLE\/\d+\/eu-west-1\/s3/)
  t.same(Object.keys(request.headers).filter(name => /checksum|trailer/.test(name)), [])
})

t.test('takes settings', async t => {
  const { request, client } = await requestOf(t, { ...KEYS, AWS_REGION: 'eu-west-1', AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_SUPPORTED' }, { region: 'r', attempts: 2 })
  t.match(request.headers.authorization, /\/r\/s3/)
  t.ok(request.headers['x-amz-checksum-crc32'])
  t.equal(await client.config.maxAttempts(), 2)
  t.equal(client.config.forcePathStyle, true)
})

t.test('without credentials, requests are anonymous', async t => {
  const { request, isAnonymous } = await requestOf(t, {})
  t.ok(isAnonymous)
  t.equal(request.headers.authorization, undefined)
})

t.test('Amazon\'s servers have the bucket in their names', async t => {
  delete process.env['AWS_ENDPOINT_URL']
  const { client } = await openS3({ region: 'eu-west-1' })
  t.equal(client.config.forcePathStyle, false)
  client.destroy()
})
