import t from 'tap'
import { Session } from '../../../engine/session.ts'
import { predictAlike } from '../../../engine/tasks/predict-alike.ts'
import { compileModel } from '../../../models/kinds/kinds.ts'
import { listLayers } from '../../../models/layers.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'

const model = seededModel(SMALL)
const picture = { ...SMALL.input, padded: SMALL.input, pixels: new Uint8Array(SMALL.input.width * SMALL.input.height * 3) }

t.test('stages as outputs change no prediction, but all layers do', async t => {
  const sessionOf = async (layers: readonly string[]): Promise<Session> => {
    const session = await Session.create(compileModel(model, layers), 1)
    t.teardown(() => session.release())
    return session
  }
  const detector = await sessionOf([])
  t.ok(await predictAlike(await sessionOf(['backbone.stage2', 'backbone.stage4']), detector, picture))
  t.notOk(await predictAlike(await sessionOf(listLayers(SMALL, false).map(({ name }) => name)), detector, picture))
})
