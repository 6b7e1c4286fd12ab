/** Files that the server makes of the photo, with the names under which browsers save them. */
import { decodingOf, networkOf, stemOf, type Shown, type ShownRequest } from './shown-request.ts'

export interface Download extends Required<ShownRequest> {
  readonly title: string
  readonly text: string
}

/** What to download for the boxes and the layer on view. @param photo its name */
export function downloadsOf (shown: Shown, photo: string): Download[] {
  const stem = stemOf(photo)
  const detect = (text: string, format: string, file: string, title: string): Download =>
    ({ text, title, path: 'detect', parameters: { ...decodingOf(shown), format }, file: `${stem}.${file}` })
  const { layer, precision } = shown
  const note = precision === undefined ? '' : ', in the precision that the server detects in'
  return [
    detect('Picture', 'image', 'detected.jpg', `The photo with its boxes, as JPEG${note}`),
    detect('COCO', 'coco', 'coco.json', `The boxes in the format of COCO results, as JSON${note}`),
    {
      text: 'Layers',
      title: layer === undefined ? 'The outputs of the stages, for numpy (npz)' : `The output of ${layer}, for numpy (npz)`,
      path: 'features',
      parameters: { ...networkOf(shown), layers: layer, format: 'npz' },
      file: `${stem}.${layer ?? 'stages'}.npz`
    }
  ]
}
