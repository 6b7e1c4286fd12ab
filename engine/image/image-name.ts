import { extname } from 'node:path'

const EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp', '.tif', '.tiff', '.gif', '.avif'])

/** Whether a name is that of an image file that the engine decodes. */
export const isImageName = (name: string): boolean => EXTENSIONS.has(extname(name).toLowerCase())
