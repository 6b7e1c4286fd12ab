/** Browsers may refuse storage: then nothing is remembered. */
export interface Remembered {
  get (): string | undefined
  set (value: string | undefined): void
}

/** @param kind `sessionStorage` lasts as long as the tab, `localStorage` longer */
export function remembered (kind: 'localStorage' | 'sessionStorage', name: string): Remembered {
  const attempt = <T>(work: (storage: Storage) => T): T | undefined => {
    try {
      return work(window[kind])
    } catch {
      return undefined
    }
  }
  return {
    get: () => attempt(storage => storage.getItem(name)) ?? undefined,
    set: value => { attempt(storage => value === undefined ? storage.removeItem(name) : storage.setItem(name, value)) }
  }
}
