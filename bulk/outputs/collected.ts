/** Bytes that small pieces are joined to. */
const PIECE = 2 ** 18

/** The same bytes in larger pieces; texts as UTF-8. */
export async function * collected (chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    const piece = Buffer.from(chunk as string)
    pieces.push(piece)
    bytes += piece.length
    if (bytes < PIECE) continue
    yield Buffer.concat(pieces)
    pieces = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(pieces)
}
