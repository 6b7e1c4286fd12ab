/** Characters that move a terminal's cursor, end a line, or change the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** Whether a text has characters that would act on a terminal. */
export const isUnprintable = (text: string): boolean => text.search(UNPRINTABLE) >= 0

/** A text with escapes such as `\u001b` for characters that would act on a terminal. @param kept characters to leave in */
export const printable = (text: string, kept = ''): string =>
  text.replace(UNPRINTABLE, char => kept.includes(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
