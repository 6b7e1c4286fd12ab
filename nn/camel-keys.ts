type Camel<Key> = Key extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Key
export type CamelKeys<T> = { [Key in keyof T as Camel<Key>]: T[Key] }

/** The same object with its keys, which files have in snake_case, in camelCase. Objects in it are left as they are. */
export function camelKeys<T extends object> (value: T): CamelKeys<T> {
  const entries = Object.entries(value).map(([key, item]) => [key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), item])
  return Object.fromEntries(entries) as CamelKeys<T>
}
