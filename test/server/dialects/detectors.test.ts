import t from 'tap'
import { detectors } from '../../../server/dialects/detectors.ts'
import { MODEL, startApp } from '../../support/server.ts'

t.test('models that find objects, as far as they are known', async t => {
  const { engine } = await startApp(t, {}, { load: false })
  t.same(detectors(engine), [])
  await engine.start()
  t.same(detectors(engine).map(({ name }) => name), [MODEL.name])
})
