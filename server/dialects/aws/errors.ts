import { ApiError, type ErrorCode } from '../../errors.ts'
import type { ErrorReply } from '../../plugins/errors.ts'

/** Exceptions that the SDKs know, with Rekognition's statuses. The SDKs retry 5xx and throttling. */
const STATUS = {
  InvalidImageFormatException: 400,
  ImageTooLargeException: 400,
  InvalidParameterException: 400,
  InvalidS3ObjectException: 400,
  SerializationException: 400,
  UnknownOperationException: 404,
  UnrecognizedClientException: 400,
  ResourceNotFoundException: 400,
  AccessDeniedException: 400,
  ThrottlingException: 400,
  InternalServerError: 500,
  ServiceUnavailableException: 503
} as const

type Exception = keyof typeof STATUS

const EXCEPTIONS: Partial<Record<ErrorCode, Exception>> = {
  EMPTY_BODY: 'InvalidImageFormatException',
  UNSUPPORTED_IMAGE: 'InvalidImageFormatException',
  CORRUPT_IMAGE: 'InvalidImageFormatException',
  BODY_TOO_LARGE: 'ImageTooLargeException',
  IMAGE_TOO_LARGE: 'ImageTooLargeException',
  MALFORMED_REQUEST: 'SerializationException',
  ROUTE_NOT_FOUND: 'UnknownOperationException',
  METHOD_NOT_ALLOWED: 'UnknownOperationException',
  MODEL_NOT_FOUND: 'ResourceNotFoundException',
  UNAUTHORIZED: 'UnrecognizedClientException',
  FORBIDDEN: 'AccessDeniedException',
  HOST_NOT_ALLOWED: 'AccessDeniedException',
  RATE_LIMITED: 'ThrottlingException',
  OVERLOADED: 'ServiceUnavailableException',
  NOT_READY: 'ServiceUnavailableException',
  MODEL_UNAVAILABLE: 'ServiceUnavailableException'
}

/** A failure with a specific name in Rekognition. */
export class AwsError extends ApiError {
  readonly exception: Exception

  constructor (exception: Exception, message: string) {
    super('INVALID_PARAMETER', message)
    this.exception = exception
  }
}

/** A failure in AWS JSON 1.1. botocore reads `message`, older SDKs `Message`. */
export function toAwsError (failure: ApiError): ErrorReply {
  const fallback = failure.statusCode < 500 ? 'InvalidParameterException' : 'InternalServerError'
  const exception = failure instanceof AwsError ? failure.exception : EXCEPTIONS[failure.code] ?? fallback
  const { message } = failure
  return { status: STATUS[exception], body: { __type: exception, message, Message: message } }
}
