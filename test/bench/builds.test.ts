import t from 'tap'
import { findBuilds } from '../../bench/builds.ts'

t.test('two builds, or two models', async t => {
  const build = t.testdir({ server: { 'main.js': '' } })
  t.same(findBuilds([build, `${build}/.`]), { a: `${build}/server/main.js`, b: `${build}/server/main.js` })
  t.equal(findBuilds(['nanodet-m-416', 'nanodet-m']), undefined)
  t.throws(() => findBuilds([build, 'nanodet-m']), { name: 'UsageError', message: /^--compare: only one of .* is a folder with a build$/ })
  t.throws(() => findBuilds(['nanodet-m', build]), { name: 'UsageError' })
})
