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

t.test('a form in a browser begins with values that work', async t => {
  const parameters = { model: { type: 'string' }, format: { enum: ['json', 'csv'] }, top_k: { type: 'integer', default: 5 } }
  const { properties } = requestBody(parameters, false).content['multipart/form-data'].schema
  t.match(properties, { model: { examples: [''] }, format: { examples: ['json'] }, top_k: { examples: [5] } })
})
