/** The classes of a COCO file, and how many annotations each has. */
export class Categories {
  readonly #names = new Map<number, string>()
  readonly #ids = new Map<string, number>()
  readonly #uses = new Map<number, number>()

  constructor (categories: ReadonlyArray<{ readonly id: number, readonly name: string }>) {
    for (const { id, name } of categories) this.#add(id, name)
  }

  get list (): Array<{ id: number, name: string }> { return [...this.#names].map(([id, name]) => ({ id, name })) }

  has (id: number): boolean { return this.#names.has(id) }

  /** The id of a class, which may be new. */
  idOf (name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const id = [...this.#names.keys()].reduce((highest, id) => Math.max(highest, id), 0) + 1
    this.#add(id, name)
    return id
  }

  /** Counts an annotation of a class. */
  use (id: number): void { this.#uses.set(id, (this.#uses.get(id) ?? 0) + 1) }

  /** The reverse of `use`. A class that loses its last annotation was probably a mistake: it is removed. */
  release (id: number): void {
    const uses = this.#uses.get(id)! - 1
    this.#uses.set(id, uses)
    if (uses > 0) return
    this.#ids.delete(this.#names.get(id)!)
    this.#names.delete(id)
  }

  #add (id: number, name: string): void {
    this.#names.set(id, name)
    this.#ids.set(name, id)
  }
}
