/** Client of the HTTP API, for browsers and everything that has `fetch`. No dependencies at run time. */
export { NanodetApiError } from './api-error.ts'
export { NanodetClient, type CallOptions, type ClientOptions, type Image } from './client.ts'
export type * from './types.ts'
