import t from 'tap'
import { sayEnding, type Ending } from '../../../cli/detect/ending.ts'
import { runMain } from '../../support/io.ts'

const ENDING: Ending = {
  folder: 'found',
  json: false,
  ran: {
    done: 40,
    failed: 10,
    skipped: 7,
    summary: { images: 57, failed: 12, byCode: { UNREADABLE: 1, CORRUPT_IMAGE: 10, EMPTY_BODY: 1 } }
  },
  files: ['found/results.jsonl', 'found/results.csv'],
  seconds: 25,
  isInterrupted: false
}

const said = async (change: Partial<Ending> = {}) => await runMain(async (_, io) => {
  sayEnding(io, { ...ENDING, ...change })
  return 0
}, [])

t.test('what was done, what failed and why, and where it is', async t => {
  t.match(await said(), {
    stdout: '50 images in 25 s, 2.0/s; 7 were done before\n' +
      '12 failed: 10 CORRUPT_IMAGE, 1 EMPTY_BODY, 1 UNREADABLE; see found/failed.jsonl\n' +
      'found/results.jsonl has 57 lines\nfound/results.csv\n',
    stderr: ''
  })
  const one = { done: 1, failed: 0, skipped: 0, summary: { images: 1, failed: 0, byCode: {} } }
  t.match(await said({ ran: one, files: [] }), { stdout: '1 image in 25 s, 0.0/s\nfound/results.jsonl has 1 line\n' })
  t.match(await said({ ran: { ...one, done: 0, skipped: 1 } }), { stdout: /^0 images in 25 s; 1 was done before\n/ })
})

t.test('the same as JSON, and how to continue', async t => {
  const { stdout, stderr } = await said({ json: true, isInterrupted: true })
  t.same(JSON.parse(stdout), {
    out: 'found',
    images: 57,
    failed: 12,
    by_code: ENDING.ran.summary.byCode,
    this_run: { done: 40, failed: 10, skipped: 7, seconds: 25 },
    interrupted: true,
    files: ENDING.files
  })
  t.match(stderr, /^Interrupted; .* The same command continues\.\n$/)
})
