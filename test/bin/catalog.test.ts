import t from 'tap'
import type { z } from 'zod'
import { CATALOG } from '../../bin/catalog.ts'
import { helpOf } from '../../cli/help.ts'
import { flagOf, metaOf } from '../../cli/schemas.ts'

/** Options that mean the same in every command that has them. */
const COMMON = ['weights', 'json', 'quiet', 'help']

for (const [name, { summary, load }] of Object.entries(CATALOG)) {
  t.test(`nanodet ${name}`, async t => {
    const command = await load()
    t.equal(command.name, name)
    t.equal(command.summary, summary)
    const help = helpOf(command)
    for (const [option, schema] of Object.entries<z.ZodType>(command.options)) {
      t.match(help, `--${flagOf(option)}`)
      t.ok(metaOf(schema).description, `--${flagOf(option)} is described`)
    }
    t.notMatch(help, 'undefined')
    t.ok(help.split('\n').every(line => line.length <= 120), 'lines fit a terminal')
  })
}

t.test('common options have one description', async t => {
  for (const option of COMMON) {
    const commands = await Promise.all(Object.values(CATALOG).map(({ load }) => load()))
    const descriptions = commands.flatMap(({ options }) => options[option]?.description ?? [])
    t.ok(new Set(descriptions).size <= 1, option)
  }
})
