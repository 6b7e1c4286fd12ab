import type { StepReport } from '../../../training/settings.ts'
import { BLUE, GREEN, INK, ORANGE } from '../../eval/svg-plot.ts'
import type { EpochRecord } from '../run-training.ts'
import { lossName } from '../progress.ts'
import { curvePlot, type Curve } from './curve-plot.ts'

const COLORS = [BLUE, ORANGE, GREEN, INK]

/** How a run went: losses by step, measures by epoch, learning rate by step. SVG. */
export function trainingCurves (steps: readonly StepReport[], epochs: readonly EpochRecord[]): string[] {
  const losses = curvesOf(Object.keys(steps[0]?.losses ?? {}), name => steps.map(({ step, losses }) => [step, losses[name]!]))
    .map(curve => ({ ...curve, name: lossName(curve.name) }))
  const names = [...new Set(epochs.flatMap(({ measures }) => Object.keys(measures)))]
  const measures = curvesOf(names, name => epochs.map(({ report, measures }) => [report.epoch + 1, measures[name] ?? NaN]))
  const rate = curvesOf(['learning rate'], () => steps.map(({ step, rate }) => [step, rate]))
  return [
    curvePlot(losses, { title: 'Training', over: 'steps' }),
    ...names.length > 0 ? [curvePlot(measures, { title: 'Validation', over: 'epochs', atLeast: 1 })] : [],
    curvePlot(rate, { title: 'Learning rate', over: 'steps' })
  ]
}

const curvesOf = (names: readonly string[], points: (name: string) => Curve['points']): Curve[] =>
  names.map((name, i) => ({ name, color: COLORS[i % COLORS.length]!, points: points(name) }))
