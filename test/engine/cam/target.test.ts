import t from 'tap'
import { findTarget } from '../../../engine/cam/target.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { Session } from '../../../engine/session.ts'
import { Steps } from '../../../engine/steps.ts'
import { compileModel, readModel } from '../../../models/kinds/kinds.ts'
import { OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'

const steps = new Steps(MODEL)
const prepared = await steps.preprocess({ bytes: photo('sample-me.jpg'), maxPixels: 50e6 })
const session = await Session.create(compileModel(await readModel(ARTIFACT)), 1)
const { data } = (await session.run(prepared.picture))[OUTPUT_NAME]!
t.teardown(() => session.release())
const [PERSON, DOG, TIE] = [0, 16, 27]

t.test('a detection by its index, a class by its best', async t => {
  const find = (target: Parameters<typeof findTarget>[4], options = DEFAULT_OPTIONS) => findTarget(steps, data, prepared, options, target)
  const objects = steps.postprocess(data, prepared, DEFAULT_OPTIONS)
  t.match(find({ index: 0 }), { classId: PERSON, score: objects[0]!.score })
  t.match(find({ index: 1 }), { classId: TIE, score: objects[1]!.score, point: 3313 })
  t.same(find({ classId: TIE }), find({ index: 1 }))
  const dog = find({ classId: DOG })
  t.ok(dog.classId === DOG && dog.score < DEFAULT_OPTIONS.scoreThreshold, 'its best candidate, below the threshold')
  t.throws(() => find({ index: 2 }), { name: 'NotDetectedError', message: 'for: no detection 2: the photo has 2 detections, counted from 0' })
  t.throws(() => find({ index: 0 }, { ...DEFAULT_OPTIONS, scoreThreshold: 0.9 }), { message: 'for: nothing was detected' })
  const broken = new Float32Array(data.length).fill(NaN)
  t.throws(() => findTarget(steps, broken, prepared, DEFAULT_OPTIONS, { classId: DOG }), { message: 'for: no cell has a score of this class' })
})
