import t from 'tap'
import { z } from 'zod'
import { command } from '../../cli/command.ts'
import { EXIT_CODES, helpOf } from '../../cli/help.ts'
import { choice, flag, text, wholeNumber } from '../../cli/options.ts'

t.test('everything about a command', async t => {
  const help = helpOf(command({
    name: 'models pull',
    summary: 'Fetch a model',
    args: { usage: 'NAME...', schema: z.array(z.string()) },
    options: {
      out: text('FILE', 'Where to write').optional(),
      averylongoptionname: choice(['first', 'second'], 'Long').default('first'),
      count: wholeNumber(1, 9, 'Explained in so many words that they need a second line in any terminal of this width').default(5),
      plain: z.string().optional(),
      json: flag('JSON')
    },
    details: `One paragraph. ${'Word '.repeat(30)}\n\nname: line\nother: line`,
    examples: ['nanodet models pull a', 'nanodet models pull b'],
    run: async () => {}
  }))
  t.match(help, 'Fetch a model.\n\nUsage: nanodet models pull NAME... [options]\n\n')
  t.match(help, /\n {2}-o, --out FILE {16}Where to write\n/)
  t.match(help, /\n {6}--averylongoptionname first\|second\n {32}Long \(default first\)\n/)
  t.match(help, /line in any\n {32}terminal of this width \(default 5\)\n/)
  t.match(help, /--plain VALUE +\n/)
  t.match(help, /--json {20}JSON\n/)
  t.match(help, /-h, --help {20}Print this help\n\nOne paragraph/)
  t.match(help, '\n\nname: line\nother: line\n\nExamples:\n  nanodet models pull a\n  nanodet models pull b\n\n')
  t.ok(help.replaceAll('\n', ' ').endsWith(`${EXIT_CODES} `))
  t.ok(help.split('\n').every(line => line.length <= 110))
})

t.test('options that a command needs are in its usage', async t => {
  const options = { images: text('DIR', 'Images'), plain: z.string(), json: flag('JSON') }
  t.match(helpOf(command({ name: 'a', summary: 'A', options, run: async () => {} })), '\n\nUsage: nanodet a --images DIR --plain VALUE [options]\n\n')
})

t.test('a command may have other exit codes, and nothing else', async t => {
  const help = helpOf(command({ name: 'a', summary: 'A', options: {}, exitCodes: 'Exit code: 7.', run: async () => {} }))
  t.equal(help, `A.\n\nUsage: nanodet a [options]\n\n  -h, --help${' '.repeat(20)}Print this help\n\nExit code: 7.\n`)
})
