const COLORS = 12

/** The CSS class that sets `--class`, a color that stays the same for a class of objects. */
export const colorOf = (classId: number): string => `color-${classId % COLORS}`
