import t from 'tap'
import { builtInOrigins } from '../../../engine/models/built-in.ts'

t.test('the models with weights of the build, in a precision', async t => {
  t.same(builtInOrigins('int8'), { 'nanodet-m-416': { builtIn: 'nanodet-m-416', precision: 'int8' } })
})
