import fp from 'fastify-plugin'

/** Ends JSON replies with a newline, so that a terminal's prompt starts on a new line. */
export const finalNewline = fp(async app => {
  app.addHook('onSend', async (_request, reply, payload) => {
    const isJson = typeof payload === 'string' && String(reply.getHeader('content-type')).includes('json')
    return isJson && !payload.endsWith('\n') ? `${payload}\n` : payload
  })
}, { name: 'final-newline', fastify: '5.x' })
