import { isatty } from 'node:tty'
import t from 'tap'
import { rereadsOnHangup } from '../../server/hangup.ts'

t.test('SIGHUP rereads the models unless there is a terminal', async t => t.equal(rereadsOnHangup(), !isatty(0)))
