import t from 'tap'
import { downloadsOf } from '../../../../server/page/logic/downloads.ts'
import { addressOf } from '../../../../server/page/logic/shown-request.ts'
import { INITIAL } from '../../../../server/page/logic/state.ts'
import { startApp } from '../../../support/server.ts'
import { STREET } from '../../../support/street.ts'

t.test('files are named after the photo and have what is shown', async t => {
  const { app } = await startApp(t)
  const get = async (patch: object) => {
    const downloads = downloadsOf({ ...INITIAL, ...patch }, 'my street.jpg')
    return await Promise.all(downloads.map(async download => ({
      ...download, reply: await app.inject({ method: 'POST', url: `/${addressOf(download)}`, payload: STREET, headers: { 'content-type': 'image/jpeg' } })
    })))
  }
  const [picture, coco, layers] = await get({ score: 0.6 })
  t.match([picture!.file, coco!.file, layers!.file], ['my street.detected.jpg', 'my street.coco.json', 'my street.stages.npz'])
  t.match(picture!.reply, { statusCode: 200, headers: { 'content-type': 'image/jpeg' } })
  t.match(coco!.reply.json(), { length: 2, 0: { category_id: 13 } })
  const names = (body: Buffer): string[] => [...body.toString('latin1').matchAll(/[\w.]+\.npy/g)].map(([name]) => name)
  t.ok(names(layers!.reply.rawPayload).some(name => name.includes('stage4')))

  const [, one, layer] = await get({ layer: 'backbone.stage2.0', classes: ['bus'] })
  t.match(one!.reply.json(), { length: 1, 0: { category_id: 6 } })
  t.equal(layer!.file, 'my street.backbone.stage2.0.npz')
  t.match(layer!.title, /backbone\.stage2\.0/)
  t.notOk(names(layer!.reply.rawPayload).some(name => name.includes('stage4')))
})
