/** The points of a photo that learn to predict objects. All others are background. */
export interface Assignment {
  /** Indices of the points, rising. */
  readonly points: Int32Array
  /** Index of each point's object. */
  readonly objects: Int32Array
  /** IoU of each point's box with its object: of its anchor (ATSS), or of the predicted box (dynamic). */
  readonly overlaps: Float32Array
}

/** @param owners index of each point's object, -1 for background */
export function assignmentOf (owners: Int32Array, overlapOf: (point: number, object: number) => number): Assignment {
  const points = Int32Array.from(owners.keys()).filter(point => owners[point]! >= 0)
  const objects = points.map(point => owners[point]!)
  return { points, objects, overlaps: Float32Array.from(points, (point, i) => overlapOf(point, objects[i]!)) }
}
