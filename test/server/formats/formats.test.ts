import t from 'tap'
import { ACCEPTED_FORMATS, FORMAT_NAMES, FORMATS, isJson, isPicture } from '../../../server/formats/formats.ts'
import { FOUND } from '../../support/found.ts'

t.test('every format says what it is sent as, and writes objects or draws them', async t => {
  for (const name of FORMAT_NAMES) {
    const format = FORMATS[name]
    if (isPicture(format)) {
      t.equal(format.mediaType, `image/${format.drawing.format}`, name)
    } else {
      t.equal(typeof format.write(FOUND, 0) === 'string', !isJson(format), name)
    }
  }
})

t.test('a media type that can be asked for names one format', async t => {
  const types = ACCEPTED_FORMATS.map(name => FORMATS[name].mediaType)
  t.equal(new Set(types).size, types.length)
})
