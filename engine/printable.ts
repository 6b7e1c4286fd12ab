/** Characters that move a terminal's cursor, end a line, or change the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** A text with escapes such as `\u001b` for characters that would act on a terminal. @param kept characters to leave in */
export const printable = (text: string, kept = ''): string =>
  text.replace(UNPRINTABLE, char => kept.includes(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
