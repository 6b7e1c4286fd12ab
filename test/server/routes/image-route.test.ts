import t from 'tap'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

t.test('PUT does what POST does, and the model is looked for before the image is read', async t => {
  const { app } = await startApp(t)
  const ask = async (method: 'PUT' | 'POST', url: string, payload: Buffer | string) => (await app.inject({ method, url, payload })).json()
  for (const method of ['PUT', 'POST'] as const) {
    t.match(await ask(method, '/detect', photo('sample-me.jpg')), { detections: [{ label: 'person' }, { label: 'tie' }] })
    t.match(await ask(method, '/detect?model=yolo', 'no image'), { code: 'MODEL_NOT_FOUND' })
    t.match(await ask(method, '/detect?model=a&model=b', photo('sample-me.jpg')), { code: 'INVALID_PARAMETER', message: /^model: / })
  }
  t.match(await ask('POST', '/features?layers=p5&format=json', photo('sample-me.jpg')), { layers: [{ name: 'fpn.p5' }] }, 'whatever its type')
})
