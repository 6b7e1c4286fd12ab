import type { Server } from '../logic/server.ts'
import type { Photo, State } from '../logic/state.ts'
import type { Store } from '../logic/store.ts'

/** What views work with. */
export interface App {
  readonly store: Store<State>
  readonly server: Server
  readonly actions: Actions
}

/** What users do. Problems are shown, not thrown. */
export interface Actions {
  /** Shows and explains a photo. */
  open (blob: Blob, name: string): Promise<void>
  /** @param place what a link selects in it */
  openExample (place?: Partial<Pick<State, 'region' | 'expected' | 'selected'>>): Promise<void>
  /** Explains the photo again: another model, region, or expected object. */
  explain (): Promise<void>
  /** A photo as the page can show it. @throws NanodetApiError if neither the browser nor the server can read it */
  read (blob: Blob, name: string): Promise<Photo>
  /**
   * Runs a request, shows what went wrong, and asks for a key if the server wants one.
   * @param isCurrent whether the user still waits for it: late failures are not shown
   */
  attempt<T> (work: () => Promise<T>, isCurrent?: () => boolean): Promise<T | undefined>
}
