import t from 'tap'
import {
  answerOf, BASE64, listen, overload, PHOTO, requestOf, STRICT, TOO_LARGE
} from '../../../support/client-requests.ts'

const DETECT_LABELS = 'RekognitionService.DetectLabels'

/** As botocore sends it. */
const ask = (value: unknown, { id = 'AKIDEXAMPLE', path = '/aws/', target = DETECT_LABELS } = {}) => requestOf([
  `POST ${path} HTTP/1.1`, 'Host: 127.0.0.1:8080', 'Accept-Encoding: identity',
  'Content-Type: application/x-amz-json-1.1', `X-Amz-Target: ${target}`,
  'User-Agent: Boto3/1.26.27 Python/3.11.2 Linux/6.1 Botocore/1.29.27', 'X-Amz-Date: 20261126T120000Z',
  `Authorization: AWS4-HMAC-SHA256 Credential=${id}/20261126/us-east-1/rekognition/aws4_request, ` +
    'SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=0'
], typeof value === 'string' ? value : JSON.stringify(value))
const image = (Bytes = BASE64) => ({ Image: { Bytes } })
const names = (reply: any): string[] => reply.Labels.map(({ Name }: { Name: string }) => Name)

t.test('request 11: DetectLabels', async t => {
  const { send, log } = await listen(t)
  for (const path of ['/aws', '/aws/']) {
    const response = await send(ask({ ...image(), MaxLabels: 15, MinConfidence: 55 }, { path }))
    t.match(response.headers, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': /./ })
    const [status, reply] = answerOf(response)
    t.equal(status, 200)
    t.match(reply, { LabelModelVersion: String })
    for (const { Confidence, Instances, Parents } of reply.Labels) {
      t.ok(Confidence > 55 && Confidence <= 100)
      t.same(Parents, [])
      for (const { BoundingBox: { Left, Top, Width, Height } } of Instances) {
        t.ok([Left, Top, Width, Height, Left + Width, Top + Height].every(value => value >= 0 && value <= 1))
      }
    }
    t.same(names(reply), ['Person', 'Tie'])
  }
  t.match(log.at(-1), { dialect: 'aws', status: 200 })
  t.same(names(answerOf(await send(ask({ ...image(), MinConfidence: 80 })))[1]), ['Person'])
  t.same(names(answerOf(await send(ask({ ...image(), MaxLabels: 1 })))[1]), ['Person'])
  const only = { GeneralLabels: { LabelInclusionFilters: ['Tie', 'Cat'] } }
  t.same(names(answerOf(await send(ask({ ...image(), Features: ['GENERAL_LABELS'], Settings: only })))[1]), ['Tie'])

  for (const [bytes, __type] of [
    [ask(image(Buffer.from('hello').toString('base64'))), 'InvalidImageFormatException'],
    [ask(image('')), 'InvalidImageFormatException'],
    [ask(image(PHOTO.subarray(0, 9000).toString('base64'))), 'InvalidImageFormatException'],
    [ask({ Image: {} }), 'InvalidParameterException'],
    [ask({}), 'InvalidParameterException'],
    [ask({ ...image(), MinConfidence: 101 }), 'InvalidParameterException'],
    [ask({ Image: { S3Object: { Bucket: 'photos', Name: 'me.jpg' } } }), 'InvalidS3ObjectException'],
    [ask('{'), 'SerializationException'],
    [ask(image(), { target: 'RekognitionService.DetectFaces' }), 'UnknownOperationException'],
    [ask(image(), { path: '/aws/photos' }), 'UnknownOperationException']
  ] as const) {
    const status = __type === 'UnknownOperationException' ? 404 : 400
    t.match(answerOf(await send(bytes)), [status, { __type, message: /./, Message: /./ }], __type)
  }
  const plain = requestOf(['POST /aws HTTP/1.1', 'Host: 127.0.0.1:8080'], '{}')
  t.match(answerOf(await send(plain)), [404, { __type: 'UnknownOperationException' }])
})

t.test('the access key\'s id is the key; limits; overload is repeated by the SDKs', async t => {
  const { send } = await listen(t, STRICT)
  t.match(answerOf(await send(ask(image()))), [400, { __type: 'UnrecognizedClientException' }])
  const tooLarge = ask(image(TOO_LARGE.toString('base64')), { id: 'secret' })
  t.match(answerOf(await send(tooLarge)), [400, { __type: 'ImageTooLargeException' }])
  const refused = await overload(send, ask(image(), { id: 'secret' }))
  t.ok(refused.length > 0)
  for (const reply of refused) t.match(answerOf(reply), [503, { __type: 'ServiceUnavailableException' }])
})
