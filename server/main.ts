/** The server's program. A signal ends it at any moment, also while its modules are being loaded. */
import closeWithGrace from 'close-with-grace'

const early = closeWithGrace({ logger: false }, async () => {})
const { serve } = await import('./serve.ts')
early.uninstall()
await serve()
