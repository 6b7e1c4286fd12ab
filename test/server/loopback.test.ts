import t from 'tap'
import { isLoopback } from '../../server/loopback.ts'

t.test('names and addresses of this machine', async t => {
  for (const host of ['localhost', 'LOCALHOST', 'localhost.', 'app.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]']) t.ok(isLoopback(host), host)
  for (const host of ['', '0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example', '127.1', 'localhost.evil.example', 'notlocalhost']) t.notOk(isLoopback(host), host)
})
