import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { ImageError, OverloadError } from '../../../engine/errors.ts'
import { imageOrFailure } from '../../../server/dialects/image-or-failure.ts'

t.test('what is wrong with an image is answered in its place; anything else is thrown', async t => {
  const request = { record: { runs: [], failures: [] as unknown[] } } as unknown as FastifyRequest
  const run = async (error?: Error) => await imageOrFailure(request, async () => {
    if (error) throw error
    return 'found'
  }, ({ code }) => code)
  t.equal(await run(), 'found')
  t.equal(await run(new ImageError({ code: 'EMPTY_IMAGE' })), 'EMPTY_BODY')
  t.match(request.record.failures, [{ code: 'EMPTY_BODY' }])
  await t.rejects(run(new OverloadError('queue_full', 1)), OverloadError)
  t.equal(request.record.failures.length, 1)
})
