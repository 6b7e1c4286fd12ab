import { z } from 'zod'

/** A list whose length is checked before its items are: a body of megabytes can hold millions of wrong ones. */
export const boundedList = <S extends z.ZodType>(item: S, max: number) =>
  z.custom<unknown>(value => !Array.isArray(value) || value.length <= max, `expected at most ${max} items`).pipe(z.array(item))

/** Values by name, whose number is checked before they are. */
export const boundedRecord = <S extends z.ZodType>(name: z.ZodString, value: S, max: number) =>
  z.custom<unknown>(given => sizeOf(given) <= max, `expected at most ${max} names`).pipe(z.record(name, value))

const sizeOf = (value: unknown): number => typeof value === 'object' && value !== null ? Object.keys(value).length : 0
