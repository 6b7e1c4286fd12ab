import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { totalBytes } from '../../engine/chunks.ts'
import type { Recognized } from '../recognize.ts'
import { FORMATS, isPicture, type Format, type Picture } from './formats.ts'

/** Sends the detections of an image. @throws OverloadError if too many pictures are being sent */
export function sendFound (
  request: FastifyRequest, reply: FastifyReply, format: Format, found: Recognized, imageId: number
): unknown {
  if (isPicture(format)) return sendPicture(request, reply, format, found)
  const written = format.write(found, imageId)
  if (format === FORMATS.json) return written // Fastify serializes it by the route's schema
  const text = typeof written === 'string' ? written : JSON.stringify(written)
  return reply.type(`${format.mediaType}; charset=utf-8`).send(text)
}

/** Sends the drawn picture. @throws OverloadError if too many pictures are being sent */
export function sendPicture (
  request: FastifyRequest, reply: FastifyReply, { mediaType, drawing }: Picture, { output: { body = [] } }: Recognized
): FastifyReply {
  const bytes = totalBytes(body)
  request.server.featureReplies.count(request, reply, bytes)
  const fileName = `objects.${drawing.format === 'jpeg' ? 'jpg' : drawing.format}`
  const headers = { 'content-length': bytes, 'content-disposition': `inline; filename="${fileName}"` }
  return reply.type(mediaType).headers(headers).send(Readable.from(body))
}
