import Fastify from 'fastify'
import { createEngine } from 'nanodet-server'

const engine = await createEngine({ workers: 2 })
const app = Fastify({ bodyLimit: 20 * 2 ** 20 })
app.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.addHook('onClose', () => engine.close())

// Errors of the engine have a statusCode: Fastify answers with it.
app.post('/count', async request => {
  const { detections } = await engine.detect(request.body)
  const counts = {}
  for (const { label } of detections) counts[label] = (counts[label] ?? 0) + 1
  return counts
})

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())
console.log(`listening at ${await app.listen({ port: Number(process.env.PORT ?? 3000) })}`)
