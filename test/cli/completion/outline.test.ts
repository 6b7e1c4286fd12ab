import t from 'tap'
import { firstWords, outlineOf } from '../../../cli/completion/outline.ts'
import { CATALOG } from '../../support/shell-catalog.ts'

t.test('commands with their options and values', async t => {
  const outline = await outlineOf(CATALOG)
  t.same(outline.map(({ words }) => words), [['draw'], ['shell'], ['models', 'pull'], ['models', 'list'], ['bench'], ['bench', 'passes'], ['help']])
  t.match(outline[0], {
    summary: 'Draw it\'s boxes',
    options: [
      { flag: 'model', short: 'm', takesValue: true, choices: [] },
      { flag: 'score-threshold', short: undefined, takesValue: true },
      { flag: 'format', takesValue: true, choices: ['npz', 'npy'] },
      { flag: 'json', takesValue: false, description: 'Print [JSON]: always' },
      { flag: 'help', short: 'h', takesValue: false }
    ],
    choices: []
  })
  t.same(outline[1]!.choices, ['bash', 'zsh'])
  t.same(outline.at(-1)!.choices, ['draw', 'shell', 'models', 'bench'])
})

t.test('first words', async t => {
  const words = firstWords(await outlineOf(CATALOG))
  t.match(words.find(({ word }) => word === 'models'), { summary: 'pull, list', subcommands: ['pull', 'list'] })
  t.match(words.find(({ word }) => word === 'bench'), { summary: 'Measure', subcommands: ['passes'] })
  t.match(words.find(({ word }) => word === 'draw'), { subcommands: [] })
})
