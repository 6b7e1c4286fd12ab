import { spawnSync } from 'node:child_process'
import t from 'tap'
import { toBash } from '../../../cli/completion/bash.ts'
import { outlineOf } from '../../../cli/completion/outline.ts'
import { CATALOG } from '../../support/shell-catalog.ts'

const script = toBash(await outlineOf(CATALOG))
const hasBash = spawnSync('bash', ['--version']).status === 0

/** What bash offers for the last of the words, as it would on Tab. */
function complete (...words: string[]): string[] {
  const call = `COMPREPLY=(); COMP_WORDS=(nanodet ${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _nanodet; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `${script}\n${call}`], { encoding: 'utf8' })
  t.same([status, stderr], [0, ''])
  return stdout.split('\n').filter(Boolean)
}

t.test('the script names all commands', async t => {
  t.match(script, 'complete -o default -F _nanodet nanodet')
  for (const word of ['draw', 'models', 'bench', '--score-threshold']) t.match(script, word)
})

t.test('bash completes', { skip: hasBash ? false : 'no bash' }, async t => {
  const cases: [words: string[], offered: string[]][] = [
    [[''], ['draw', 'shell', 'models', 'bench', 'help']],
    [['d'], ['draw']],
    [['-'], ['--help', '--version']],
    [['models', ''], ['pull', 'list']],
    [['models', 'p'], ['pull']],
    [['models', 'pull', '-'], ['--quiet', '--help']],
    [['bench', ''], ['passes']],
    [['bench', 'passes', '--'], ['--help']],
    [['draw', '--'], ['--model', '--score-threshold', '--format', '--json', '--help']],
    [['draw', 'a.jpg', '--f'], ['--format']],
    [['draw', '--format', ''], ['npz', 'npy']],
    [['draw', '--format', 'npy', '--j'], ['--json']],
    [['draw', '--model', 'd'], []],
    [['draw', '-m', 'd'], []],
    [['draw', 'p'], []],
    [['shell', ''], ['bash', 'zsh']],
    [['help', 'm'], ['models']],
    [['unknown', '--'], []]
  ]
  for (const [words, offered] of cases) t.same(complete(...words), offered, words.join(' '))
})
