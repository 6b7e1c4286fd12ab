import { join } from 'node:path'
import t from 'tap'
import { readAnnotations } from '../../../bulk/formats/coco-annotations.ts'

t.test('reads images and categories, also after a byte order mark', async t => {
  const file = { images: [{ id: 1, file_name: 'a.jpg' }], categories: [{ id: 'x', name: 'dog' }] }
  const folder = t.testdir({ 'bom.json': `\uFEFF${JSON.stringify({ ...file, annotations: [] })}` })
  t.same(await readAnnotations(join(folder, 'bom.json')), file)
})

t.test('faults are one line', async t => {
  const folder = t.testdir({ 'text.json': 'not\nJSON', 'other.json': '{"images": [{"id": 1}], "categories": []}' })
  const message = async (name: string): Promise<string> => {
    const error = await readAnnotations(join(folder, name)).catch(error => error)
    t.equal(error.name, 'SourceError')
    return error.message.replace(`${folder}/`, '')
  }
  t.match(await message('text.json'), /^text\.json: not JSON: [^\n]+$/)
  t.match(await message('other.json'), /^other\.json: not COCO annotations: images: 0: file_name: [^\n]+$/)
  t.equal(await message('none.json'), 'none.json: no such file or directory')
})
