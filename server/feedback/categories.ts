/** A class of a COCO file. Members besides these are kept. */
export interface Category { readonly id: number, readonly name: string }

/** The classes of a COCO file, and how many annotations each has. */
export class Categories {
  readonly #byId = new Map<number, Category>()
  readonly #ids = new Map<string, number>()
  readonly #uses = new Map<number, number>()
  #highest = 0

  constructor (categories: readonly Category[]) {
    for (const category of categories) this.#add(category)
  }

  get list (): Category[] { return [...this.#byId.values()] }

  /** The id of a class, which may be new. */
  idOf (name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const id = this.#highest + 1
    this.#add({ id, name })
    return id
  }

  /** Counts an annotation of a class. */
  use (id: number): void { this.#uses.set(id, (this.#uses.get(id) ?? 0) + 1) }

  /** The reverse of `use`. A class that loses its last annotation was probably a mistake: it is removed. */
  release (id: number): void {
    const uses = this.#uses.get(id)! - 1
    this.#uses.set(id, uses)
    if (uses > 0) return
    const { name } = this.#byId.get(id)!
    if (this.#ids.get(name) === id) this.#ids.delete(name)
    this.#byId.delete(id)
  }

  /** Takes back removals since a list was made. */
  restore (list: readonly Category[]): void {
    for (const category of list) if (!this.#byId.has(category.id)) this.#add(category)
  }

  #add (category: Category): void {
    this.#byId.set(category.id, category)
    this.#ids.set(category.name, category.id)
    this.#highest = Math.max(this.#highest, category.id)
  }
}
