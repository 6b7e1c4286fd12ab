const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it has to stand in an XML file, between tags or in an attribute. */
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, character => ENTITIES[character]!)
