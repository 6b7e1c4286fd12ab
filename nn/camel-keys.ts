type Camel<Key> = Key extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Key
export type CamelKeys<T> = { [Key in keyof T as Camel<Key>]: T[Key] }

/** Converts an object's snake_case keys to camelCase. Nested objects stay unchanged. */
export function camelKeys<T extends object> (value: T): CamelKeys<T> {
  const entries = Object.entries(value).map(([key, item]) => [key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), item])
  return Object.fromEntries(entries) as CamelKeys<T>
}
