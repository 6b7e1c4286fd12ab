import { PassThrough } from 'node:stream'
import t from 'tap'
import { eachImage } from '../../../cli/eval/each-image.ts'

const io = (isTTY: boolean) => ({ stdout: new PassThrough(), stderr: Object.assign(new PassThrough(), { isTTY }) })

t.test('keeps the order of the files, and runs several at a time', async t => {
  const delays = new Map([['dir/a', 30], ['dir/b', 1], ['dir/c', 1]])
  let [running, most] = [0, 0]
  const { results, seconds } = await eachImage('dir', ['a', 'b', 'c'], async path => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setTimeout(resolve, delays.get(path)))
    running--
    return path
  }, { inFlight: 2, io: io(false) })
  t.same(results, ['dir/a', 'dir/b', 'dir/c'])
  t.equal(most, 2)
  t.ok(seconds > 0.02)
})

t.test('shows progress on a terminal, and ends with the first failure', async t => {
  const terminal = io(true)
  await t.rejects(eachImage('dir', ['a', 'b'], async () => { throw new Error('broken') }, { inFlight: 1, io: terminal }), { message: 'broken' })
  t.match(String(terminal.stderr.read()), '/2')
})
