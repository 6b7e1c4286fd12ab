import t from 'tap'
import { command } from '../../cli/command.ts'
import { wholeNumber } from '../../cli/options.ts'
import { call } from '../support/io.ts'

t.test('a definition is a command that runs with checked options', async t => {
  const double = command({
    name: 'double',
    summary: 'Double a number',
    options: { number: wholeNumber(0, 9, 'Number').default(1) },
    async run ({ options: { number } }, io) { io.stdout.write(`${number * 2}\n`) }
  })
  t.match(await call(double, ['--number', '4']), { exitCode: 0, stdout: '8\n', stderr: '' })
})
