import { rounded } from '../../../engine/numbers.ts'
import type { DetectedObject, DetectOutput } from '../../../engine/results.ts'
import type { LabelConfig } from './label-config.ts'

export type Prediction = ReturnType<typeof toPrediction>

/**
 * Detections in a task's image, limited to the labels of the labeling configuration. The score is the mean of the
 * regions' scores.
 */
export function toPrediction ({ image, objects }: DetectOutput, config: LabelConfig) {
  const result = objects.flatMap(object => {
    const label = config.labels.get(object.label.toLowerCase())
    return label === undefined ? [] : [toRegion(object, label, image, config)]
  })
  const sum = result.reduce((total, { score }) => total + score, 0)
  return { result, score: rounded(sum / Math.max(result.length, 1), 4) }
}

/** Values in percent of the image. */
function toRegion (
  { score, box: [x1, y1, x2, y2] }: DetectedObject, label: string, image: DetectOutput['image'], config: LabelConfig
) {
  const { width, height } = image
  return {
    from_name: config.fromName,
    to_name: config.toName,
    type: 'rectanglelabels',
    original_width: width,
    original_height: height,
    image_rotation: 0,
    score: rounded(score, 4),
    value: {
      x: rounded(x1 / width * 100, 4),
      y: rounded(y1 / height * 100, 4),
      width: rounded((x2 - x1) / width * 100, 4),
      height: rounded((y2 - y1) / height * 100, 4),
      rotation: 0,
      rectanglelabels: [label]
    }
  }
}
