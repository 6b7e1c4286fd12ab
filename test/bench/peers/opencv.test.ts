import t from 'tap'
import { startOpenCv } from '../../../bench/peers/opencv.ts'
import { executable } from '../../support/peers.ts'

/** Stands in for Python where the tests run without it; .ci/checks/peers.js runs OpenCV. */
const PYTHON = `
if (process.argv[2] === '-c') process.exit()
console.log(JSON.stringify({ versions: { program: process.argv[2], folder: process.argv[3] } }))
process.stdin.on('data', () => console.log('{"decode":1,"warp":2,"normalize":3,"network":4}'))
`

t.test('runs its program in a Python that has OpenCV', async t => {
  const peer = await startOpenCv('folder', 1, executable(PYTHON))
  t.match(peer.ready.versions, { program: /bench\/peers\/opencv\.py$/, folder: 'folder' })
  t.same(await peer.turn(), { decode: 1, warp: 2, normalize: 3, network: 4 })
  await peer.close()
})

t.test('a Python without OpenCV, or none', async t => {
  const none = executable('process.exit(1)')
  await t.rejects(startOpenCv('folder', 1, none), { name: 'CommandError', message: `not found: ${none} can't import cv2 and numpy (Debian: python3-opencv)` })
  await t.rejects(startOpenCv('folder', 1, 'none-such'), { message: /^not found: none-such/ })
})

t.test('by default, the first Python of two', async t => {
  const started = await startOpenCv(t.testdirName, 1).catch(error => error) // with OpenCV, it fails for lack of the folder
  t.match(started, { name: 'CommandError', message: /^not found: python3 and \/usr\/bin\/python3 can't|No such file or directory/ })
})
