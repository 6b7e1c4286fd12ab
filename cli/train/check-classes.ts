import { MAX_CLASSES } from '../../models/labels.ts'
import { isUnprintable } from '../../engine/printable.ts'
import { firstOf } from '../eval/problems.ts'
import { groupBy } from '../eval/ground-truth.ts'
import { throwErrors } from './check-data.ts'
import type { ClassPhoto, ClassSet, ClassSets } from './class-set.ts'
import { Findings } from './findings.ts'

/** Photos that a class needs to be learned well enough to be measured. */
const FEW = 10
/** The largest class may have so many times the photos of the smallest. */
const UNEVEN = 20

/** What checks find: errors stop the training, warnings are stated. */
interface Report { readonly errors: Findings, readonly warnings: Findings }

/**
 * Checks the photos of a classifier before anything runs.
 * @returns warnings, a line each
 * @throws CommandError with a line for each kind of fault
 */
export function checkClasses ({ train, validation }: ClassSets): string[] {
  const report: Report = { errors: new Findings(), warnings: new Findings() }
  for (const set of validation ? [train, validation] : [train]) checkSet(set, report)
  checkCounts(train, report)
  if (validation) checkPair(train, validation, report.errors)
  throwErrors(report.errors)
  return report.warnings.lines
}

/** The classes of a set, in order. */
export const labelsOf = ({ photos }: Pick<ClassSet, 'photos'>): string[] => [...new Set(photos.map(({ label }) => label))].sort()

function checkSet ({ folder, photos, facts, empty }: ClassSet, { errors, warnings }: Report): void {
  if (photos.length === 0) errors.say(`${folder}: no photos: expected a folder with photos for each class`)
  for (const { file } of photos.filter(({ label }) => label === '')) errors.add('photo', 'has/have no class', file)
  for (const label of labelsOf({ photos }).filter(isUnprintable)) errors.add('class name', 'has/have control characters', label)
  for (const [file, problem] of facts) if (typeof problem === 'string') errors.add('photo', 'can\'t be read', `${file} (${problem})`)
  for (const name of empty) errors.add('class folder', 'has/have no photos', name)
  for (const [file, listed] of groupBy(photos, 'file')) {
    if (listed.length > 1) errors.add('photo', 'is/are listed more than once', String(file))
  }
  for (const copies of copiesIn({ photos, facts }).values()) {
    const names = [...new Set(copies.map(({ file }) => file))].join(' = ')
    if (new Set(copies.map(({ label }) => label)).size > 1) errors.add('photo', 'is/are in more than one class', names)
    else if (copies.length > 1) warnings.add('photo', 'is/are there more than once', names)
  }
}

/** Photos by the hash of their bytes. */
export function copiesIn ({ photos, facts }: Pick<ClassSet, 'photos' | 'facts'>): Map<string, ClassPhoto[]> {
  const byHash = new Map<string, ClassPhoto[]>()
  for (const photo of photos) {
    const found = facts.get(photo.file)
    if (typeof found !== 'object') continue
    const same = byHash.get(found.hash)
    if (same) same.push(photo)
    else byHash.set(found.hash, [photo])
  }
  return byHash
}

function checkCounts (train: ClassSet, { errors, warnings }: Report): void {
  const labels = labelsOf(train)
  if (labels.length === 1) errors.say(`${train.folder}: one class only: a classifier tells at least two apart`)
  if (labels.length > MAX_CLASSES) errors.say(`${labels.length} classes are too many: a model has at most ${MAX_CLASSES}`)
  const counts = [...groupBy(train.photos, 'label')].map(([label, photos]) => ({ label: String(label), count: photos.length }))
  const few = counts.filter(({ count }) => count < FEW).map(({ label }) => label)
  if (few.length > 0) warnings.say(`classes with fewer than ${FEW} photos: ${firstOf(few)}`)
  const [least, most] = [Math.min, Math.max].map(of => of(...counts.map(({ count }) => count))) as [number, number]
  if (most > UNEVEN * least) warnings.say(`the largest class has ${most} photos, the smallest ${least}: the model will hardly learn the small one`)
}

function checkPair (train: ClassSet, validation: ClassSet, errors: Findings): void {
  const known = copiesIn(train)
  for (const [hash, [first]] of copiesIn(validation)) {
    const same = known.get(hash)
    if (same) errors.add('photo', 'is/are both to train and to validate', [...new Set([same[0]!.file, first!.file])].join(' = '))
  }
  const labels = new Set(labelsOf(train))
  const unknown = labelsOf(validation).filter(label => !labels.has(label))
  if (unknown.length > 0) errors.say(`classes of the photos to validate that those to train do not have: ${firstOf(unknown)}`)
}
