/** What is known of an error of S3, or on the way to it. */
interface S3Error {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  /** In answers to requests to another region. */
  readonly Region?: string
  readonly $metadata?: { readonly httpStatusCode?: number | undefined, readonly attempts?: number | undefined }
}

const WRONG_REGION = 'the bucket is in another region'
const WRONG_KEY = 'the secret access key does not belong to the access key'
const PROBLEMS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'no such bucket',
  NoSuchKey: 'no such object',
  NotFound: 'no such object',
  InvalidAccessKeyId: 'the access key is unknown',
  SignatureDoesNotMatch: WRONG_KEY,
  ExpiredToken: 'the credentials have expired',
  ExpiredTokenException: 'the credentials have expired',
  InvalidToken: 'the session token is invalid',
  RequestTimeTooSkewed: 'the clock of this machine differs from that of the server',
  InvalidObjectState: 'the object is archived; restore it first',
  PreconditionFailed: 'the object changed while it was read',
  SlowDown: 'the server asked for fewer requests',
  NoSuchUpload: 'the upload was aborted by another process',
  ECONNREFUSED: 'the server refuses connections',
  ENOTFOUND: 'no server has this name',
  EAI_AGAIN: 'the name of the server can\'t be looked up now',
  EHOSTUNREACH: 'the server can\'t be reached',
  ENETUNREACH: 'the server can\'t be reached',
  ECONNRESET: 'the server closed the connection',
  EPIPE: 'the server closed the connection',
  ETIMEDOUT: 'the server does not answer',
  TimeoutError: 'the server does not answer'
}
const REGION_ERRORS = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException', 'MovedPermanently']

/**
 * Describes an error in a few words that name neither keys nor signatures, which errors of the SDK have in other members: don't log those.
 * @param isAnonymous whether requests were sent without credentials
 */
export function s3Problem (error: unknown, isAnonymous = false): string {
  const { name = '', code = '', message = '', Region, $metadata } = error as S3Error
  const status = $metadata?.httpStatusCode
  const known = PROBLEMS[name] ?? PROBLEMS[code]
  if (known !== undefined) return known
  if (REGION_ERRORS.includes(name) || status === 301) return `${WRONG_REGION}${Region ? `, ${Region}` : ''}; set AWS_REGION`
  if (status === 403) return isAnonymous ? 'access denied; no credentials were found, so the request was anonymous' : 'access denied'
  if (status !== undefined && status >= 300) return `the server answered ${status}${name === 'Unknown' ? '' : ` ${name}`}`
  return /^[^\n]*/.exec(message)?.[0] || name
}
