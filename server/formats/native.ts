import { toReply } from '../../engine/reply.ts'
import type { Recognized } from '../recognize.ts'

/** The server's own reply, as schemas.ts describes it. */
export const toNative = ({ model, output }: Recognized) => toReply(model, output)
