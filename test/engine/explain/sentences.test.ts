import t from 'tap'
import * as sentence from '../../../engine/explain/sentences.ts'

const bus = { label: 'bus', score: 0.628 }
const layer = { layer: 'stage4', name: 'backbone.stage4', stride: 32, response: 1, rank: 0.84 }

t.test('sentences for people', async t => {
  t.equal(sentence.found(bus), 'Found: bus (0.63).')
  t.equal(sentence.found(bus, 0.314), 'Found: bus (0.63), whose box overlaps the region by an IoU of only 0.31.')
  t.equal(sentence.takenFor(bus), 'Taken for bus (0.63).')
  t.equal(sentence.takenFor(bus, 0.4, { label: 'truck', score: '0.28' }),
    'Taken for bus (0.63), whose box overlaps the region by an IoU of only 0.40; truck has 0.28 here.')
  t.equal(sentence.suppressed('Suppressed', bus, 0.7, 0.71, 0.6), 'Suppressed: this bus (0.63) overlaps another (0.70) by an IoU of 0.71; the maximum is 0.6.')
  t.equal(sentence.beyondMaximum(bus, 1), 'Beyond the maximum: bus (0.63) is not among the best one.')
  t.equal(sentence.beyondMaximum(bus, 20), 'Beyond the maximum: bus (0.63) is not among the best 20.')
  t.equal(sentence.tooSmall(4.3, 8), "Too small: its shorter side is 4.3 pixels in the network's input, and the finest cells have 8.")
  t.equal(sentence.tooSmall(1, 8), "Too small: its shorter side is 1 pixel in the network's input, and the finest cells have 8.")
  t.equal(sentence.notSeen(0.72), 'Not seen: at every stage, at least 28 % of the photo responds as strongly or more.')
  t.equal(sentence.faded('stage3', layer),
    'Faded at stage 4: stage 3 still responds strongly, but at stage 4, 16 % of the photo responds as strongly or more.')
  t.equal(sentence.notRecognized(bus, undefined, { isSeen: true, isPart: false }), 'Seen, but not recognized: the best class here is bus (0.63).')
  t.equal(sentence.notRecognized(bus, { label: 'person', score: 0.098 }, { isSeen: false, isPart: true }),
    'Not recognized as one object: the best class here is bus (0.63); person has 0.10.')
})

t.test('a candidate would appear at the threshold that its sentence names', async t => {
  for (const score of [0.1, 0.24, 0.2449, 0.25, 0.29, 0.57, 0.57 - 2 ** -53, 0.999]) {
    const named = Number(/threshold of (0\.\d\d)\./.exec(sentence.belowThreshold({ label: 'bus', score }))![1])
    t.ok(named < score && named >= score - 0.0101, `${score}: ${named}`)
  }
  t.equal(sentence.belowThreshold(bus, 3), 'Below the threshold: bus (0.63) would appear at a threshold of 0.62 and with a maximum above 3.')
})
