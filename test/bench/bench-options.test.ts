import t from 'tap'
import { HELP, readRequest } from '../../bench/bench-request.ts'

t.test('without options', async t => {
  const request = readRequest([])
  t.match(request, { config: { name: 'nanodet-m-416' }, rounds: 20, concurrency: [1, 2, 4, 8, 16], seconds: 5, turns: 10, turnSeconds: 2, json: false })
  t.match(request, { images: undefined, sides: undefined, clients: undefined, starts: undefined, out: undefined })
  t.equal(readRequest(['--help']), undefined)
})

t.test('two to compare', async t => {
  const request = readRequest(['--compare', 'a', 'b', '--clients', '8', '--starts', '5', '--turns', '20', '--turn-seconds', '3'])
  t.match(request, { sides: ['a', 'b'], clients: 8, starts: 5, turns: 20, turnSeconds: 3 })
})

t.test('what is wrong is named', async t => {
  const wrong: [string[], RegExp][] = [
    [['--seconds', '0'], /^--seconds: expected a whole number from 1 to 3600, found 0/],
    [['--concurrency', '1,,2'], /^--concurrency: .* found nothing/],
    [['--model', 'yolo'], /^--model: there is no model yolo/],
    [['--turn-seconds', '0.5'], /^--turn-seconds: .* found 0\.5/],
    [['--compare', 'dist'], /^expected two to compare: --compare A B, found dist/],
    [['--compare', 'a', 'b', 'c'], /^expected two to compare: --compare A B, found a b c/],
    [['--compare', 'a', 'b', '--clients', '0'], /^--clients: expected a whole number from 1 to 400, found 0/],
    [['--clients', '8'], /^--clients and --starts need --compare A B/],
    [['--starts', '3'], /^--clients and --starts need --compare A B/],
    [['dist'], /^expected options only, found dist/],
    [['--speed', '5'], /^Unknown option '--speed'/]
  ]
  for (const [argv, message] of wrong) t.throws(() => readRequest(argv), { name: 'UsageError', message })
})

t.test('--help lists all options', async t => {
  for (const option of ['--images', '--rounds', '--concurrency', '--turns', '--compare A B', '--clients', '--starts', '--out', '--json']) t.match(HELP, option)
})
