import { readdirSync } from 'node:fs'
import t from 'tap'
import { BACKBONES, CLASSIFIERS, HEADS, NECKS } from '../../models/architectures.ts'

const compiled = (folder: string): URL => new URL(`../../${folder}/`, import.meta.url)
const filesOf = (folder: string): string[] => readdirSync(compiled(folder)).filter(file => file.endsWith('.js'))

/** Everything called a spec that a file exports. */
async function specsIn (folder: string, file: string): Promise<unknown[]> {
  const exported: Record<string, unknown> = await import(new URL(file, compiled(folder)).href)
  return Object.entries(exported).filter(([name]) => name.endsWith('Spec')).map(([, spec]) => spec)
}

for (const [folder, registered] of Object.entries({ backbone: [...BACKBONES, ...CLASSIFIERS], neck: NECKS, head: HEADS })) {
  t.test(`every file of ${folder}/ declares what it has, and models are made of it`, async t => {
    for (const file of filesOf(folder)) {
      const specs = await specsIn(folder, file)
      t.ok(specs.length > 0, `${file} exports a spec`)
      for (const spec of specs) t.ok((registered as readonly unknown[]).includes(spec), `a spec of ${file} is in models/architectures.ts`)
    }
  })
}

t.test('names are the only ones of their kind', async t => {
  for (const specs of [BACKBONES, CLASSIFIERS, NECKS, HEADS]) t.equal(new Set(specs.map(({ name }) => name)).size, specs.length)
})
