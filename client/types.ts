/** Types of the HTTP API, taken from the schemas that the server checks and writes with. */
import type { z } from 'zod'
import type { ErrorCode } from '../server/errors.ts'
import type { explainParameters, explainReply } from '../server/explain-schemas.ts'
import type { feedbackParameters, feedbackReply } from '../server/feedback-schemas.ts'
import type { profileParameters, profileReply } from '../server/profile-schemas.ts'
import type {
  classifyParameters, classifyReply, detectParameters, detectReplies, detectReply, errorReply, featuresParameters, featuresReply,
  layersReply, modelSchema, summaryReply
} from '../server/schemas.ts'

type Reply = z.infer<typeof detectReplies>
type Lists = 'classes' | 'layers' | 'features'

/** All parameters are optional. Lists may be arrays or comma-separated text. */
type Parameters<Schema extends z.ZodType, Left extends string = never> = {
  readonly [Name in Exclude<keyof z.output<Schema>, Left>]?:
  z.output<Schema>[Name] | (Name extends Lists ? readonly string[] : never) | undefined
}

export type DetectParameters = Parameters<typeof detectParameters, 'format' | 'image_id'>
export type FeaturesParameters = Parameters<typeof featuresParameters, 'format' | 'values' | 'channels' | 'reduce' | 'for'>
export type ClassifyParameters = Parameters<typeof classifyParameters>
export type ExplainParameters = Parameters<typeof explainParameters>
/** An object in a photo, in pixels of the photo as displayed. Detections have this form, too. */
export interface CorrectedBox {
  readonly label: string
  readonly box: { readonly x1: number, readonly y1: number, readonly x2: number, readonly y2: number }
}
export type FeedbackParameters = Parameters<typeof feedbackParameters, 'boxes' | 'hash'>
export type ProfileParameters = Parameters<typeof profileParameters>

/** Objects in an image; with the parameter `features`, also how layers responded. */
export type DetectReply = z.infer<typeof detectReply> & Partial<Pick<Extract<Reply, { features: unknown }>, 'features'>>
export type Detection = DetectReply['detections'][number]
/** What the server writes about a failed request, or a failed image of a batch. */
export type ErrorReply = z.infer<typeof errorReply>
/** The result for one image of a batch. */
export type BatchResult = DetectReply | { readonly error: ErrorReply }
export type FeaturesReply = z.infer<typeof featuresReply>
export type ClassifyReply = z.infer<typeof classifyReply>
/** Objects in an image, and how they came about; with the parameter `region`, also what was made of it. */
export type ExplainReply = z.infer<typeof explainReply>
/** What has been stored; `hash` names the photo in later corrections. */
export type FeedbackReply = z.infer<typeof feedbackReply>
export type Model = z.infer<typeof modelSchema>
export type Layer = z.infer<typeof layersReply>['layers'][number]
export type Summary = z.infer<typeof summaryReply>
/** Measured times, in milliseconds. */
export type Profile = z.infer<typeof profileReply>

/** The server's codes; HTTP_ERROR for an answer that is not the server's, NETWORK_ERROR if none came. */
export type ApiErrorCode = ErrorCode | 'HTTP_ERROR' | 'NETWORK_ERROR'
