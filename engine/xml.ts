const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Escapes text for XML, between tags or in an attribute. */
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, character => ENTITIES[character]!)
