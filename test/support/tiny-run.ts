/** A program that trains on pictures in a folder and prints a line each step: it is there to be killed. */
import { train } from '../../training/train.ts'
import { drawSquares, tinySpec, TINY_SETTINGS } from './tiny-training.ts'

const [folder, path] = process.argv.slice(2) as [string, string]
const spec = tinySpec(await drawSquares(folder, 9), 6)
const hooks = { score: () => 0.5, onStep: ({ step }: { step: number }) => console.log(`step ${step}`) }
await train(spec, { ...TINY_SETTINGS, workers: 1 }, { path, resume: false }, hooks)
