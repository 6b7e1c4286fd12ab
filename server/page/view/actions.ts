import { NanodetApiError } from '../../../client/api-error.ts'
import type { Server } from '../logic/server.ts'
import type { Photo, State } from '../logic/state.ts'
import type { Store } from '../logic/store.ts'
import type { Actions } from './app-context.ts'

/** A new photo has nothing selected. */
const NOWHERE = { region: undefined, expected: undefined, selected: undefined }

/** Browsers' own words for an unreachable server, "Failed to fetch", help nobody. */
const problemOf = (error: Error): string =>
  error instanceof TypeError ? 'The server does not answer. Check that it runs, and try again.' : error.message

export function createActions (store: Store<State>, server: Server): Actions {
  let latest = 0
  let opened = 0

  async function attempt<T> (work: () => Promise<T>, isCurrent = () => true): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      const needsKey = error instanceof NanodetApiError && error.statusCode === 401
      store.set({ needsKey: needsKey || store.get().needsKey })
      if (isCurrent()) store.set({ problem: needsKey ? 'The server needs an API key' : problemOf(error as Error) })
      return undefined
    }
  }

  async function explain (): Promise<void> {
    const { photo, model, region, expected, precision } = store.get()
    if (!photo) return
    const turn = ++latest
    store.set({ busy: true, problem: undefined })
    const parameters = { model, precision, region: region?.join(), label: region && expected }
    const explanation = await attempt(() => server.explain(photo.blob, parameters), () => turn === latest)
    if (turn === latest) store.set({ busy: false, explanation }) // an older answer may come later
  }

  /** @param patch set when the photo has been read; a photo that was opened later takes its place */
  async function show (blob: Blob, name: string, patch: Partial<State>): Promise<void> {
    const turn = ++opened
    store.set({ busy: true })
    const photo: Photo | undefined = await attempt(() => read(blob, name), () => turn === opened)
    if (turn !== opened) return photo && URL.revokeObjectURL(photo.url)
    if (!photo) return store.set({ busy: false })
    const { photo: previous } = store.get()
    store.set({ ...NOWHERE, ...patch, photo, explanation: undefined })
    if (previous) URL.revokeObjectURL(previous.url)
    await explain()
  }

  const read = async (blob: Blob, name: string): Promise<Photo> => ({ name, blob, url: await shownAs(blob) })

  /** Browsers can't show every format that the server reads: it then makes a PNG, on which a threshold of 1 draws no boxes. */
  async function shownAs (blob: Blob): Promise<string> {
    const url = URL.createObjectURL(blob)
    const image = new Image()
    image.src = url
    if (await image.decode().then(() => true, () => false)) return url
    URL.revokeObjectURL(url)
    const drawn = await server.send('detect', blob, { format: 'png', score_threshold: 1 })
    return URL.createObjectURL(await drawn.blob())
  }

  return {
    attempt,
    explain,
    read,
    open: (blob, name) => show(blob, name, { example: false }),
    async openExample (place) {
      const blob = await attempt(async () => await (await server.get('page/street.jpg')).blob())
      if (!blob) return
      await show(blob, 'street.jpg', { example: true, ...place })
    }
  }
}
