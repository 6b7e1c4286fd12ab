import t from 'tap'
import { isUniform, optionsFor, select, selectionSchema } from '../../../../server/dialects/doods/rules.ts'

const selection = (given: object) => selectionSchema.parse(given)
const candidate = (label: string, confidence: number) => ({ label, confidence, top: 0.2, left: 0.2, bottom: 0.4, right: 0.4 })
const person = candidate('person', 60)
const region = (given: object) => ({ top: 0, left: 0, bottom: 1, right: 1, detect: { '*': 50 }, ...given })

t.test('what is asked for, as DOODS decides', async t => {
  const isSelected = (given: object, of = person): boolean => select(of, selection(given)) !== undefined
  t.equal(isSelected({}), false, 'nothing asked, nothing returned')
  t.equal(isSelected({ detect: null, regions: null }), false)
  t.equal(isSelected({ detect: { '*': 60 } }), true)
  t.equal(isSelected({ detect: { '*': 61 } }), false)
  t.equal(isSelected({ detect: { '*': 0 } }), true)
  t.equal(isSelected({ detect: { '*': 0 } }, candidate('person', 34)), false, '0 stands for the default')
  t.equal(isSelected({ detect: { '*': 50, person: 70 } }), false, 'a label that is named is not meant by *')
  t.equal(isSelected({ detect: { dog: 10 } }), false)
  t.equal(isSelected({ detect: { dog: 10 } }, candidate('constructor', 60)), false)
  t.equal(isSelected({ detect: { person: 70 }, regions: [region({})] }), true, 'regions are asked, too')
  t.equal(isSelected({ regions: [region({ top: 0.4 })] }), true, 'the edge is enough')
  t.equal(isSelected({ regions: [region({ top: 0.41 })] }), false)
  t.equal(isSelected({ regions: [region({ top: 0.3, covers: true })] }), false)
  t.equal(isSelected({ regions: [region({ top: 0.2, left: 0.2, right: 0.4, bottom: 0.4, covers: true })] }), true)
})

t.test('the region that it lies in', async t => {
  t.strictSame(select(person, selection({ detect: { person: 50 }, regions: [region({ id: 'a' })] })), {})
  t.strictSame(select(person, selection({ regions: [region({ id: 'a', detect: {} }), region({ id: 'b' })] })), { region_id: 'b' })
  t.strictSame(select(person, selection({ regions: [region({})] })), {})
})

t.test('what the network is asked for', async t => {
  const labels = ['person', 'dog']
  t.match(optionsFor(selection({ detect: { '*': 50, person: 20 } }), labels), { scoreThreshold: 0.2, classes: undefined })
  t.match(optionsFor(selection({ detect: { person: 50 }, regions: [region({ detect: { dog: 30, cat: 40 } })] }), labels),
    { scoreThreshold: 0.3, classes: 'person,dog' })
  t.strictSame(optionsFor(selection({ detect: { cat: 50 } }), labels), { scoreThreshold: 1 })
  t.strictSame(optionsFor(selection({}), labels), { scoreThreshold: 1 })
})

t.test('whether a drawing of all that is found shows what is asked for', async t => {
  t.equal(isUniform(selection({})), true)
  t.equal(isUniform(selection({ detect: { person: 50, dog: 50 } })), true)
  t.equal(isUniform(selection({ detect: { person: 50, dog: 60 } })), false)
  t.equal(isUniform(selection({ regions: [region({})] })), false)
})

t.test('what is no rule', async t => {
  const many = Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`label ${i}`, 50]))
  for (const given of [{ detect: { '*': 101 } }, { detect: { '*': '50' } }, { detect: many }, { regions: [{}] }, { regions: Array(65).fill(region({})) }]) {
    t.equal(selectionSchema.safeParse(given).success, false)
  }
})
