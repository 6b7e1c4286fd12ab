import t from 'tap'
import { commandLine } from '../../../cli/train/command-line.ts'
import { flag, text, wholeNumber } from '../../../cli/options.ts'

const SHAPE = { images: text('DIR', ''), epochs: wholeNumber(1, 9, '').default(3), valShare: wholeNumber(0, 9, '').optional(), resume: flag(''), force: flag('') }

t.test('options that differ from their defaults, quoted where a shell needs it', async t => {
  t.equal(commandLine('train', SHAPE, { images: 'my photos', epochs: 3, resume: true, force: false }), "nanodet train --images 'my photos' --resume")
  t.equal(commandLine('train', SHAPE, { images: "it's", epochs: 5, valShare: 0 }), "nanodet train --images 'it'\\''s' --epochs 5 --val-share 0")
  t.equal(commandLine('train', SHAPE, { images: 'a/b-c_1.2' }), 'nanodet train --images a/b-c_1.2')
})
