import { classIds, LabelError } from '../../models/labels.ts'

const ONE_LABEL = 'expected one label'

/** The class id of one label. @throws LabelError for an unknown label, or several */
export function labelId (label: string, labels: readonly string[]): number {
  const id = labels.indexOf(label.trim())
  if (id >= 0) return id
  if (/^[\s,]*$/.test(label)) throw new LabelError(ONE_LABEL)
  const ids = classIds(label, labels)
  if (ids.length > 1) throw new LabelError(ONE_LABEL)
  return ids[0]!
}
