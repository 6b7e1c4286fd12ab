import type { Session } from './session.ts'

/** Sessions by key, the most recently used ones up to a number; others are released. */
export class SessionCache {
  readonly #max: number
  /** The least recently used first. */
  readonly #sessions = new Map<string, Session>()

  constructor (max: number) { this.#max = max }

  /** The session of a key, made first if it is not in the cache. @throws what `create` throws */
  async get (key: string, create: () => Promise<Session>): Promise<Session> {
    const session = this.#sessions.get(key) ?? await this.#make(create)
    this.#sessions.delete(key)
    this.#sessions.set(key, session)
    return session
  }

  async release (): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(session => session.release()))
    this.#sessions.clear()
  }

  async #make (create: () => Promise<Session>): Promise<Session> {
    if (this.#sessions.size >= this.#max) {
      const [oldest, session] = this.#sessions.entries().next().value!
      this.#sessions.delete(oldest)
      await session.release()
    }
    return await create()
  }
}
