import t from 'tap'
import sharp from 'sharp'
import { predictionSheet } from '../../../cli/eval/prediction-sheet.ts'
import { PHOTOS } from '../../support/datasets.ts'

t.test('hits have a green frame, mistakes an orange one', async t => {
  const classes = [{ classId: 0, label: 'cat', score: 0.9 }]
  const predictions = [{ file: 'me.jpg', classId: 0, classes }, { file: 'phone.jpg', classId: 1, classes }]
  const sheet = await predictionSheet(t.testdir(PHOTOS), predictions, ['cat', 'dog'], 'title')
  const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true })
  const pixel = (x: number, y: number) => {
    const start = (y * info.width + x) * 3
    return [...data.subarray(start, start + 3)] as [number, number, number]
  }
  const [hit, mistake] = [pixel(17, 128), pixel(17 + 172, 128)]
  t.ok(hit[1] > hit[0] + 40, `${hit}`)
  t.ok(mistake[0] > mistake[1] + 40, `${mistake}`)
  await t.rejects(predictionSheet('none', [{ file: 'me.jpg', classId: 0, classes }], ['cat'], 'title'), { message: /no such file/ })
})
