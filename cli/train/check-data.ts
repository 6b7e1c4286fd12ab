import { MAX_CLASSES } from '../../models/labels.ts'
import { CommandError } from '../errors.ts'
import { groupBy } from '../eval/ground-truth.ts'
import { firstOf } from '../eval/problems.ts'
import { counted } from '../../engine/numbers.ts'
import { isUnprintable } from '../../engine/printable.ts'
import { checkBoxes, type Report } from './check-boxes.ts'
import { Findings } from './findings.ts'
import { isObject, type LabeledSet, type LabeledSets } from './labeled-set.ts'

const SHOWN = 20

/**
 * Checks the data before anything runs.
 * @returns warnings, a line each
 * @throws CommandError with a line for each kind of fault
 */
export function checkData ({ train, validation }: LabeledSets): string[] {
  const report: Report = { errors: new Findings(), warnings: new Findings() }
  for (const set of validation ? [train, validation] : [train]) checkSet(set, report)
  if (validation) checkPair(train, validation, report)
  else if (train.dataset.images.length < 2) report.errors.say('1 photo is not enough: training and validation need at least one each')
  throwErrors(report.errors)
  return report.warnings.lines
}

/** @throws CommandError with the first errors, if any */
export function throwErrors ({ lines }: Findings): void {
  if (lines.length === 0) return
  const rest = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : []
  throw new CommandError([...lines.slice(0, SHOWN), ...rest].join('\n'))
}

function checkSet (set: LabeledSet, report: Report): void {
  const { dataset, folder, photos } = set
  const { errors, warnings } = report
  for (const fault of dataset.faults ?? []) errors.say(fault)
  for (const note of dataset.notes) warnings.say(note)
  checkCategories(set, errors)
  if (!dataset.annotations.some(isObject)) errors.say(`no objects are annotated in the photos of ${folder}`)
  checkBoxes(set, report)
  const copies = [...hashes(photos).values()].filter(files => files.length > 1)
  for (const files of copies) warnings.add('photo', 'is/are in the folder more than once', files.join(' = '))
  const annotated = groupBy(dataset.annotations, 'image_id')
  const empty = dataset.images.filter(({ id }) => !annotated.has(id))
  if (empty.length > 0) warnings.say(`${counted(empty.length, 'photo')} without objects: all that is in them counts as background`)
}

function checkCategories ({ dataset: { categories }, folder }: LabeledSet, errors: Findings): void {
  const names = groupBy(categories, 'name')
  const repeated = [...names].filter(([, same]) => same.length > 1).map(([name]) => String(name))
  if (repeated.length > 0) errors.say(`categories with the same name: ${firstOf(repeated)}`)
  if (names.has('')) errors.say('a category has an empty name')
  for (const { name } of categories.filter(({ name }) => isUnprintable(name))) errors.add('category name', 'has/have control characters', name)
  if (categories.length === 0) errors.say(`no categories in the annotations of ${folder}`)
  if (categories.length > MAX_CLASSES) errors.say(`${categories.length} categories are too many: a model has at most ${MAX_CLASSES}`)
}

/** Files by the hash of their bytes. */
function hashes (photos: LabeledSet['photos']): Map<string, string[]> {
  const byHash = new Map<string, string[]>()
  for (const [file, facts] of photos) {
    if (typeof facts === 'object') byHash.set(facts.hash, [...byHash.get(facts.hash) ?? [], file])
  }
  return byHash
}

/** Between photos to train and photos to validate. */
function checkPair (train: LabeledSet, validation: LabeledSet, { errors }: Report): void {
  const known = hashes(train.photos)
  for (const [hash, files] of hashes(validation.photos)) {
    const same = known.get(hash)
    if (same) errors.add('photo', 'is/are both to train and to validate', [...new Set([same[0]!, files[0]!])].join(' = '))
  }
  const names = new Set(train.dataset.categories.map(({ name }) => name))
  const unknown = validation.dataset.categories.map(({ name }) => name).filter(name => !names.has(name))
  if (unknown.length > 0) errors.say(`categories of the photos to validate that those to train do not have: ${firstOf(unknown)}`)
}
