const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text with XML's five entities and numbers decoded, once; `unknown` is the first that stands for nothing. */
export function decodeEntities(text: string): { readonly value: string; readonly unknown?: string } {
  let unknown: string | undefined;
  const value = text.replace(/&([^;\s&]{0,20});?/g, (entity, name: string) => {
    const decoded = entity.endsWith(';') ? decode(name) : undefined;
    if (decoded === undefined) unknown ??= entity;
    return decoded ?? entity;
  });
  return unknown === undefined ? { value } : { value, unknown };
}

function decode(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (digits === null) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
}

/** The characters that an XML 1.0 document may have. */
export function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
