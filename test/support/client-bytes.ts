import { fromPython } from './client-requests.ts'
import type { RawResponse } from './raw-request.ts'

/** A part of a form: its headers as they are written, and what follows them. */
export type RawPart = readonly [headers: string, content: string | Uint8Array]

const BOUNDARY = 'f006dd3b6b9849f4e5f135e074d1a39e'

/** A form's body as python-requests writes it, or with another client's boundary. */
export function formBody (parts: readonly RawPart[], boundary = BOUNDARY): Buffer {
  const written = parts.map(([headers, content]) =>
    Buffer.concat([Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]))
  return Buffer.concat([...written, Buffer.from(`--${boundary}--\r\n`)])
}

/** A request as python-requests sends it, byte for byte. @param headers more lines, before the body's length */
export function pythonPost (path: string, type: string, body: Uint8Array | string, headers: readonly string[] = []): Buffer {
  return fromPython(`POST ${path}`, type, body, headers)
}

export const pythonForm = (path: string, parts: readonly RawPart[], headers: readonly string[] = []): Buffer =>
  pythonPost(path, `multipart/form-data; boundary=${BOUNDARY}`, formBody(parts), headers)

/** A field of a form, as all of the clients write it. */
export const field = (name: string, value: string): RawPart => [`Content-Disposition: form-data; name="${name}"`, value]

/** A body as `response.json()` reads it: any status, but JSON. */
export const jsonOf = ({ body }: RawResponse) => JSON.parse(body.toString())
