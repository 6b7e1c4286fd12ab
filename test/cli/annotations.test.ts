import t from 'tap'
import { checkAnnotations } from '../../cli/annotations.ts'

const COCO = JSON.stringify({ images: [{ id: 1, file_name: 'a.jpg' }], categories: [{ id: 1, name: 'person' }] })

t.test('annotations are checked before a run needs them', async t => {
  const folder = t.testdir({ 'good.json': COCO, 'bad.json': '{}' })
  const check = async (name: string, format?: string[]) => await checkAnnotations({ annotations: `${folder}/${name}`, format }, ['person'])
  await check('good.json', ['csv', 'coco'])
  await checkAnnotations({ format: ['coco'] }, ['person'])
  await t.rejects(check('good.json'), { exitCode: 2, message: '--annotations: needs --format coco' })
  await t.rejects(check('good.json', ['csv']), { exitCode: 2, message: '--annotations: needs --format coco' })
  await t.rejects(check('none.json', ['coco']), { exitCode: 1, message: `--annotations: ${folder}/none.json: no such file or directory` })
  await t.rejects(check('bad.json', ['coco']), { exitCode: 1, message: /^--annotations: .*bad\.json: not COCO annotations: images/ })
})
