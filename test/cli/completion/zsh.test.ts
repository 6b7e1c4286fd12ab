import t from 'tap'
import { outlineOf } from '../../../cli/completion/outline.ts'
import { toZsh } from '../../../cli/completion/zsh.ts'
import { CATALOG } from '../../support/shell-catalog.ts'

const script = toZsh(await outlineOf(CATALOG))

t.test('commands, options and values as _arguments reads them', async t => {
  t.match(script, /^#compdef nanodet\n/)
  t.match(script, '\'draw:Draw it\'\\\'\'s boxes\'')
  t.match(script, '\'--format[Format]:value:(npz npy)\'')
  t.match(script, '\'--model[Model]:value:_files\' \'-m[Model]:value:_files\'')
  t.match(script, '\'--json[Print \\[JSON\\]\\: always]\'')
  t.match(script, '    \'models pull\') (( CURRENT > 3 )) && name=\'models pull\' ;;')
  t.match(script, '[[ $CURRENT == 3 && $name == \'models\' ]] && compadd pull list')
  t.match(script, '\'*:argument:(bash zsh)\'')
})
