/** One state, and those who watch parts of it. */
export interface Store<S extends object> {
  get (): S
  set (patch: Partial<S>): void
  /** Calls `show` now, and whenever what `select` returns has changed. */
  watch<T> (select: (state: S) => T, show: (selected: T, state: S) => void): void
}

export function createStore<S extends object> (initial: S): Store<S> {
  let state = initial
  const watchers = new Set<() => void>()
  return {
    get: () => state,
    set (patch) {
      state = { ...state, ...patch }
      for (const watcher of watchers) watcher()
    },
    watch (select, show) {
      let last = select(state)
      show(last, state)
      watchers.add(() => {
        const selected = select(state)
        if (isSame(selected, last)) return
        last = selected
        show(selected, state)
      })
    }
  }
}

/** Equal, or arrays of equal items. */
function isSame (a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b)
  return a.length === b.length && a.every((item, i) => Object.is(item, b[i]))
}
