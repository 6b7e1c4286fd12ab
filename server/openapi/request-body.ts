import { PIXEL } from './examples.ts'

type Schemas = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const IMAGE_TYPES = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff', 'bmp'].map(format => `image/${format}`)
const FILE = { type: 'string', format: 'binary' }
const ENCODED = { type: 'string', contentEncoding: 'base64', description: 'An image file as base64, or as a data URL' }

/**
 * Describes the body of an image route: a file, a form or JSON.
 * @param parameters JSON schemas of the query's parameters: fields of the form and members of the JSON object, too
 * @param takesSeveral whether one request can have several images
 */
export function requestBody (parameters: Schemas, takesSeveral: boolean) {
  const form = { image: { ...FILE, description: 'An image file' }, ...withExamples(parameters) }
  const images = { type: 'array', items: ENCODED, description: 'Several images, instead of image' }
  const json = { image: ENCODED, ...(takesSeveral && { images }), ...parameters }
  return {
    content: {
      ...Object.fromEntries([...IMAGE_TYPES, 'application/octet-stream'].map(type => [type, { schema: FILE }])),
      'multipart/form-data': { schema: { type: 'object', properties: form, required: ['image'] } },
      'application/json': { schema: { type: 'object', properties: json, examples: [{ image: PIXEL }] } }
    }
  }
}

/** Swagger UI fills forms with examples, and invents missing ones: these make a form that works. */
const withExamples = (parameters: Schemas): Schemas => Object.fromEntries(Object.entries(parameters).map(([name, schema]) => {
  const [first = ''] = (schema['enum'] ?? []) as unknown[]
  return [name, { ...schema, examples: [schema['default'] ?? first] }]
}))
