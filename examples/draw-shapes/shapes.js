/** The outlines of shapes around the origin, with a radius of 1, as points. */
import { between } from './random.js'

export const SHAPES = { star, arrow, ring }

const OUTLINE = 72 // points of a ring

function star (random) {
  const inner = between(random, 0.38, 0.5)
  return { outline: Array.from({ length: 10 }, (_, i) => polar(i * Math.PI / 5, i % 2 ? inner : 1)) }
}

function arrow (random) {
  const [shaft, head, neck] = [between(random, 0.14, 0.28), between(random, 0.45, 0.7), between(random, 0, 0.35)]
  return { outline: [[-1, -shaft], [neck, -shaft], [neck, -head], [1, 0], [neck, head], [neck, shaft], [-1, shaft]] }
}

function ring (random) {
  const [squeeze, width] = [between(random, 0.75, 1), between(random, 0.22, 0.4)]
  const ellipse = radius => Array.from({ length: OUTLINE }, (_, i) => {
    const [x, y] = polar(i * 2 * Math.PI / OUTLINE, radius)
    return [x, y * squeeze]
  })
  return { outline: ellipse(1), hole: ellipse(1 - width) }
}

const polar = (angle, radius) => [radius * Math.cos(angle), radius * Math.sin(angle)]
