import t from 'tap'
import { UnreadableError } from '../../bulk/errors.ts'
import { FAILURE_CODES, toFailure } from '../../bulk/failure.ts'
import { ImageError, WorkerError } from '../../engine/errors.ts'
import { source } from '../support/files.ts'

t.test('errors of images have stable codes', async t => {
  t.same(toFailure(new UnreadableError('a.jpg: no such file')), { code: 'UNREADABLE', message: 'a.jpg: no such file' })
  t.same(toFailure(new WorkerError('the worker process 4711 ended: it was ended by SIGSEGV')),
    { code: 'INFERENCE_FAILED', message: 'the worker process ended: it was ended by SIGSEGV' })
  t.match(toFailure(new ImageError({ code: 'EMPTY_IMAGE' })), { code: 'EMPTY_BODY' })
})

t.test('other errors are not an image\'s', async t => {
  t.equal(toFailure(new TypeError('a fault')), undefined)
})

t.test('docs/errors.md explains every code, and whether it is tried again', async t => {
  const rows = [...source('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (yes|no) \|/gm)].map(([, code, again]) => [code!, again === 'yes'] as const)
  t.same(Object.fromEntries(rows), FAILURE_CODES)
})
