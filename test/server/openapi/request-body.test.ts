import t from 'tap'
import { requestBody } from '../../../server/openapi/request-body.ts'

const PARAMETERS = { top_k: { type: 'integer' } }

t.test('a file, a form or JSON, with the parameters where there is room for them', async t => {
  const { content } = requestBody(PARAMETERS, false)
  t.match(content, {
    'image/jpeg': { schema: { format: 'binary' } },
    'multipart/form-data': { schema: { properties: { image: { format: 'binary' }, top_k: { type: 'integer' } }, required: ['image'] } },
    'application/json': { schema: { properties: { image: { contentEncoding: 'base64' }, top_k: { type: 'integer' } } } }
  })
})

t.test('several images only where they are taken', async t => {
  const membersOf = (takesSeveral: boolean) => Object.keys(requestBody({}, takesSeveral).content['application/json'].schema.properties)
  t.same([membersOf(false), membersOf(true)], [['image'], ['image', 'images']])
})
