import t from 'tap'
import type { Box } from '../../../../head/decode/boxes.ts'
import { isKept, parseZones } from '../../../../server/dialects/zoneminder/zones.ts'
import { cpuTime } from '../../../support/cpu-time.ts'

const LEFT = [[0, 0], [10, 0], [10, 100], [0, 100]]
const ALL = [[0, 0], [100, 0], [100, 100], [0, 100]]
const kept = (zones: unknown, label: string, box: Box = [5, 5, 8, 8]): boolean => isKept({ label, box }, parseZones(JSON.stringify(zones)))

t.test('zones, as pyzm decides', async t => {
  t.equal(kept([], 'person'), true, 'without zones, all count')
  t.equal(kept(null, 'person'), true)
  t.equal(kept([{ name: 'left', value: LEFT }], 'person'), true)
  t.equal(kept([{ name: 'left', value: LEFT, pattern: '' }], 'person'), true, 'an empty pattern is none')
  t.equal(kept([{ value: LEFT }], 'person', [50, 5, 60, 8]), false, 'outside')
  t.equal(kept([{ value: LEFT, pattern: '(car|dog)' }], 'person'), false, 'not wanted')
  t.equal(kept([{ value: LEFT, pattern: '(car|dog)' }, { points: ALL, pattern: 'person' }], 'person'), true, 'wanted by another')
  t.equal(kept([{ value: LEFT, pattern: '.*', ignore_pattern: 'person' }, { value: ALL }], 'person'), false, 'ignored before')
  t.equal(kept([{ value: ALL }, { value: LEFT, ignore_pattern: 'person' }], 'person'), true, 'ignored only after')
})

t.test('zones that can\'t be used are named', async t => {
  const cases: Array<[text: string, message: RegExp]> = [
    ['[{]', /zones: expected JSON/],
    ['{}', /^zones: /],
    ['[{"name": "x"}]', /0\.value/],
    ['[{"value": [[0, 0], [1, 1]]}]', /0\.value/],
    ['[{"value": [[0, 0], [1, 1], [1, 1e300]]}]', /0\.value/],
    ['[{"value": [[0, 0], [1, 1], [1, 0]], "pattern": "("}]', /0\.pattern/],
    ['[{"value": [[0, 0], [1, 1], [1, 0]], "ignore_pattern": "a{9}"}]', /0\.ignore_pattern/],
    [JSON.stringify(Array(33).fill({ value: LEFT })), /zones: /],
    [JSON.stringify(Array.from({ length: 32 }, (_, i) => ({ value: LEFT, pattern: 'x'.repeat(200 + i) }))), /4096 characters together/],
    [' '.repeat(2 ** 18 + 1), /262144/]
  ]
  for (const [text, message] of cases) t.throws(() => parseZones(text), { code: 'INVALID_PARAMETER', message }, text.slice(0, 60))
})

t.test('as many zones as are taken do not hold up the event loop', async t => {
  const points = Array.from({ length: 200 }, (_, i) => [500 + 400 * Math.cos(i / 32), 500 + 400 * Math.sin(i / 32)])
  const zones = Array.from({ length: 32 }, (_, i) => ({ value: points, pattern: `${'(.*)*'.repeat(12)}x${i}` }))
  const ms = cpuTime(() => {
    const parsed = parseZones(JSON.stringify(zones))
    for (let i = 0; i < 100; i++) isKept({ label: 'baseball glove', box: [400, 400, 600, 600] }, parsed)
  })
  t.ok(ms < 1500, `${ms} ms`)
})
