/** The server's program. A signal ends it at any moment, also while its modules are loading. */
import closeWithGrace from 'close-with-grace'
import { rereadsOnHangup } from './hangup.ts'

const skip = ['uncaughtException' as const, 'unhandledRejection' as const, ...(rereadsOnHangup() ? ['SIGHUP' as const] : [])]
const early = closeWithGrace({ logger: false, skip }, async () => {})
if (rereadsOnHangup()) process.on('SIGHUP', () => {}) // nothing to reread yet
const { runServer } = await import('./run-server.ts')
await runServer(process.argv.slice(2), early.uninstall)
