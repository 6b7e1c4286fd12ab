import { classIds, LabelError } from '../../models/labels.ts'

/** The class id of one label. @throws LabelError for an unknown label, or several */
export function labelId (label: string, labels: readonly string[]): number {
  const id = labels.indexOf(label.trim())
  if (id >= 0) return id
  const ids = classIds(label, labels)
  if (ids.length > 1) throw new LabelError('expected one label')
  return ids[0]!
}
