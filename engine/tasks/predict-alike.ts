import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import type { Picture, Session } from '../session.ts'

/**
 * Whether two networks of a model predict the same for a picture of noise, to the bit. If they do, they predict the same for all
 * pictures of that size: they differ in which operators are fused, and that is independent of the pixels.
 */
export async function predictAlike (a: Session, b: Session, picture: Picture): Promise<boolean> {
  const noise = { ...picture, pixels: noiseOf(picture.pixels.length) }
  const [one, other] = [await a.run(noise), await b.run(noise)].map(outputs => bytesOf(outputs[OUTPUT_NAME]!.data))
  return one!.equals(other!)
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)

/** Always the same (https://en.wikipedia.org/wiki/Linear_congruential_generator, Numerical Recipes' constants). */
function noiseOf (length: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}
