import t from 'tap'
import { main } from '../../bin/main.ts'
import { VERSION } from '../../server/version.ts'
import { runMain } from '../support/io.ts'

t.test('the catalog with this project\'s version', async t => {
  t.same(await runMain(main, ['--version']), { exitCode: 0, stdout: `${VERSION}\n`, stderr: '' })
  t.match(await runMain(main, ['detcet']), { exitCode: 2, stderr: /did you mean detect\?/ })
})
