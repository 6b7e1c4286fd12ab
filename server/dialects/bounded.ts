import { z } from 'zod'

/** A list whose length is checked before its items: a large body can hold millions of invalid ones. */
export const boundedList = <S extends z.ZodType>(item: S, max: number) =>
  z.custom<unknown>(value => !Array.isArray(value) || value.length <= max, `expected at most ${max} items`).pipe(z.array(item))

/** An object whose number of members is checked before they are. */
export const boundedObject = <S extends z.ZodType>(schema: S, max: number) =>
  z.custom<unknown>(given => sizeOf(given) <= max, `expected at most ${max} names`).pipe(schema as z.ZodType<z.output<S>>)

/** A record whose size is checked before its values. */
export const boundedRecord = <S extends z.ZodType>(name: z.ZodString, value: S, max: number) =>
  boundedObject(z.record(name, value), max)

const sizeOf = (value: unknown): number => typeof value === 'object' && value !== null ? Object.keys(value).length : 0
