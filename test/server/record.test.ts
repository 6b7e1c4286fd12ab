import t from 'tap'
import { STAGES } from '../../server/record.ts'
import { photo } from '../support/files.ts'
import { startApp } from '../support/server.ts'

t.test('a request\'s record has every timed stage, in order', async t => {
  const { app, log } = await startApp(t)
  const post = async (url: string) => {
    await app.inject({ method: 'POST', url, payload: photo('sample-me.jpg'), headers: { 'content-type': 'image/jpeg' } })
    return log.findLast(({ msg }) => msg === 'request') as { times: Record<string, number>, objects: number }
  }
  const features = await post('/features?layers=p5&format=json')
  t.same(Object.keys(features.times), [...STAGES, 'total'])
  t.equal(features.objects, 2)
  t.same(Object.keys((await post('/detect?features=p5')).times), [...STAGES, 'total'])
  t.same(Object.keys((await post('/detect')).times), [...STAGES.filter(stage => stage !== 'render'), 'total'])
})
