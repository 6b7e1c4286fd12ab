/** An object of Pascal VOC's annotations; corners count pixels from 1. */
export interface VocBox { name: string, corners: readonly [number, number, number, number], difficult?: boolean }

/** An annotation file as Pascal VOC has it. */
export function vocXml (filename: string, boxes: readonly VocBox[], [width, height] = [0, 0]): string {
  const objects = boxes.map(({ name, corners: [xmin, ymin, xmax, ymax], difficult }) => `
    <object>
      <name>${name}</name>
      <pose>Unspecified</pose>
      <difficult>${difficult ? 1 : 0}</difficult>
      <bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox>
      <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
    </object>`)
  return `<annotation>\n  <folder>VOC2012</folder>\n  <filename>${filename}</filename>\n  <size><width>${width}</width><height>${height}</height></size>${objects.join('')}\n</annotation>\n`
}
