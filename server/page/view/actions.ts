import { NanodetApiError } from '../../../client/api-error.ts'
import type { Server } from '../logic/server.ts'
import type { Photo, State } from '../logic/state.ts'
import type { Store } from '../logic/store.ts'
import type { Actions } from './app-context.ts'

export function createActions (store: Store<State>, server: Server): Actions {
  let latest = 0
  let opened = 0

  async function attempt<T> (work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work()
      store.set({ problem: undefined })
      return result
    } catch (error) {
      const needsKey = error instanceof NanodetApiError && error.statusCode === 401
      store.set({ problem: needsKey ? 'The server needs an API key' : (error as Error).message, needsKey: needsKey || store.get().needsKey })
      return undefined
    }
  }

  async function explain (): Promise<void> {
    const { photo, model, region, expected, precision } = store.get()
    if (!photo) return
    const turn = ++latest
    store.set({ busy: true })
    const parameters = { model, precision, region: region?.join(), label: region && expected }
    const explanation = await attempt(() => server.explain(photo.blob, parameters))
    if (turn === latest) store.set({ busy: false, explanation }) // an older answer may come later
  }

  /** @param patch set when the photo has been read; a photo that was opened later takes its place */
  async function show (blob: Blob, name: string, patch: Partial<State>): Promise<void> {
    const turn = ++opened
    store.set({ busy: true })
    const photo: Photo | undefined = await attempt(() => read(blob, name))
    if (turn !== opened) return photo && URL.revokeObjectURL(photo.url)
    if (!photo) return store.set({ busy: false })
    const { photo: previous, selected } = store.get()
    store.set({ ...patch, photo, explanation: undefined, selected: previous ? undefined : selected })
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
    open: (blob, name) => show(blob, name, { example: false, region: undefined, expected: undefined }),
    async openExample () {
      const blob = await attempt(async () => await (await server.get('page/street.jpg')).blob())
      if (!blob) return
      await show(blob, 'street.jpg', { example: true })
    }
  }
}
