import t from 'tap'
import { toFish } from '../../../cli/completion/fish.ts'
import { outlineOf } from '../../../cli/completion/outline.ts'
import { CATALOG } from '../../support/shell-catalog.ts'

const script = toFish(await outlineOf(CATALOG))

t.test('commands, options and values', async t => {
  const lines = script.split('\n')
  for (const line of [
    'complete -c nanodet -n __fish_use_subcommand -f -a draw -d \'Draw it\\\'s boxes\'',
    'complete -c nanodet -n \'__fish_seen_subcommand_from models\' -a pull',
    'complete -c nanodet -n \'__fish_seen_subcommand_from draw\' -l format -x -a \'npz npy\' -d \'Format\'',
    'complete -c nanodet -n \'__fish_seen_subcommand_from draw\' -l model -s m -r -d \'Model\'',
    'complete -c nanodet -n \'__fish_seen_subcommand_from draw\' -l json -d \'Print [JSON]: always\'',
    'complete -c nanodet -n \'__fish_seen_subcommand_from models; and __fish_seen_subcommand_from pull\' -l quiet -s q -d \'Quiet\'',
    'complete -c nanodet -n \'__fish_seen_subcommand_from shell\' -f -a \'bash zsh\''
  ]) t.ok(lines.includes(line), line)
})
