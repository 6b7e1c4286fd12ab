import t from 'tap'
import { z } from 'zod'
import { BENCH_OPTIONS, readSides } from '../../bench/bench-options.ts'

t.test('defaults', async t => {
  t.match(z.object(BENCH_OPTIONS).parse({}),
    { rounds: 20, concurrency: [1, 2, 4, 8, 16], seconds: 5, turns: 10, turnSeconds: 2, compare: false, json: false })
})

t.test('two sides to compare', async t => {
  t.same(readSides({ compare: true, clients: 8 }, ['a', 'b']), ['a', 'b'])
  t.equal(readSides({ compare: false }, []), undefined)
})

t.test('wrong arguments are named', async t => {
  const wrong: [Parameters<typeof readSides>, string][] = [
    [[{ compare: false }, ['dist']], 'Unexpected argument dist: only --compare takes arguments'],
    [[{ compare: false, clients: 8 }, []], '--clients and --starts need --compare A B'],
    [[{ compare: false, starts: 8 }, []], '--clients and --starts need --compare A B'],
    [[{ compare: true }, []], 'Expected two to compare: nanodet bench --compare A B, found nothing'],
    [[{ compare: true }, ['a']], 'Expected two to compare: nanodet bench --compare A B, found a'],
    [[{ compare: true }, ['a', 'b', 'c']], 'Expected two to compare: nanodet bench --compare A B, found a b c']
  ]
  for (const [args, message] of wrong) t.throws(() => readSides(...args), { name: 'UsageError', message })
})
