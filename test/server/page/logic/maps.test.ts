import t from 'tap'
import { photoArea } from '../../../../engine/features/area.ts'
import { reduceChannels } from '../../../../engine/features/reduce.ts'
import { warpFor } from '../../../../models/resize-mode.ts'
import { fetchMaps, fetchTensors } from '../../../../server/page/logic/maps.ts'
import { createServer } from '../../../../server/page/logic/server.ts'
import { startApp } from '../../../support/server.ts'
import { STREET } from '../../../support/street.ts'

const PHOTO = { width: 960, height: 640 }

t.test('maps are the layers, reduced as the browser would', async t => {
  const { app } = await startApp(t, { PORT: '0' })
  const server = createServer(`${await app.listen({ port: 0 })}/`, fetch)
  const request = { model: undefined, layers: ['stage4', 'p3'] }
  const photo = new Blob([STREET])
  const tensors = await fetchTensors(server, photo, request)
  t.same([...tensors.keys()], request.layers)
  const warp = warpFor('letterbox', PHOTO, { width: 416, height: 416 })
  for (const reduce of ['l2', 'eigen'] as const) {
    const maps = await fetchMaps(server, photo, { ...request, reduce })
    t.match(maps.get('stage4'), { name: 'stage4', stride: 32, width: 13, height: 13 })
    const map = maps.get('p3')!
    t.match(map, { name: 'p3', stride: 8, width: 52, height: 52 })
    t.same(map.data, reduceChannels(tensors.get('p3')!, reduce, photoArea(PHOTO, warp, 8, map)))
  }
  t.equal((await fetchMaps(server, photo, { ...request, reduce: '5' })).get('stage4')!.data[7], tensors.get('stage4')!.data[5 * 169 + 7])
  await t.rejects(fetchMaps(server, photo, { ...request, layers: ['p9'], reduce: 'l2' }), { code: 'UNKNOWN_LAYER' })
})
