import t from 'tap'
import { z } from 'zod'
import { readArguments } from '../../cli/arguments.ts'
import { command } from '../../cli/command.ts'
import { choice, flag, number, text } from '../../cli/options.ts'

const draw = command({
  name: 'draw',
  summary: 'Draw',
  args: { usage: 'PHOTO...', schema: z.array(z.string()).min(1, 'Expected a photo') },
  options: {
    model: text('MODEL', 'Model').optional(),
    format: choice(['npz', 'overlay'], 'Format').default('npz'),
    scoreThreshold: number(0, 1, 'Score').default(0.35),
    label: z.array(z.string()).default([]).describe('Label'),
    quiet: flag('Quiet')
  },
  run: async () => {}
})
const plain = command({ name: 'plain', summary: 'Plain', options: { name: text('NAME', 'Name') }, run: async () => {} })
const read = (...argv: string[]) => readArguments(draw, argv)

t.test('defaults, values, flags and arguments', async t => {
  t.same(read('a.jpg'), { options: { model: undefined, format: 'npz', scoreThreshold: 0.35, label: [], quiet: false }, args: ['a.jpg'] })
  t.match(read('--model', 'm', 'a', '-q', '--score-threshold=.5', '--label', 'x', 'b', '--label=y', '--', '--c'),
    { options: { model: 'm', quiet: true, scoreThreshold: 0.5, label: ['x', 'y'] }, args: ['a', 'b', '--c'] })
})

t.test('help, wherever it stands', async t => {
  for (const argv of [['--help'], ['-h'], ['a', '--format', 'none', '--help']]) t.equal(read(...argv), 'help')
})

t.test('the first wrong argument is named', async t => {
  const wrong: [string[], string | RegExp][] = [
    [['--modle', 'm', 'a'], 'Unknown option --modle; did you mean --model? nanodet draw --help lists the options'],
    [['--completely-else', 'a'], 'Unknown option --completely-else; nanodet draw --help lists the options'],
    [['-x', 'a'], 'Unknown option -x; nanodet draw --help lists the options'],
    [['--no-quiet', 'a'], /^Unknown option --no-quiet/],
    [['a', '--model'], /^--model: expected a value;/],
    [['a', '--model', '--quiet'], /^--model: expected a value, found --quiet;/],
    [['a', '--model='], '--model: expected a value, found nothing'],
    [['a', '--model', 'm', '-m', 'n'], /^-m: given twice;/],
    [['a', '--quiet=yes'], /^--quiet: takes no value;/],
    [['a', '--score-threshold', '-1'], '--score-threshold: expected a number from 0 to 1, found -1'],
    [['a', '--format', 'overlya'], '--format: expected npz or overlay, found overlya; did you mean overlay?'],
    [['a', '--format', 'x'], '--format: expected npz or overlay, found x'],
    [[], 'Expected a photo: nanodet draw PHOTO...']
  ]
  for (const [argv, message] of wrong) t.throws(() => read(...argv), { name: 'UsageError', message }, argv.join(' '))
})

t.test('a command without arguments, and an option that is needed', async t => {
  t.same(readArguments(plain, ['--name', 'n']), { options: { name: 'n' }, args: [] })
  t.throws(() => readArguments(plain, ['x', '--name', 'n']), { message: /^Unexpected argument x; nanodet plain --help/ })
  t.throws(() => readArguments(plain, []), { message: 'Missing option --name NAME; nanodet plain --help lists the options' })
})
