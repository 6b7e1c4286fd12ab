/** The server's program. A signal ends it at any moment, also while its modules are being loaded. */
import closeWithGrace from 'close-with-grace'

const early = closeWithGrace({ logger: false, skip: ['uncaughtException', 'unhandledRejection'] }, async () => {})
const { serve } = await import('./serve.ts')
const serving = serve()
early.uninstall() // there is no moment without a handler: serve has its own by now
await serving
