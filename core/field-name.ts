/** The way to a setting as people read it: `/config/body/items/0` is `body.items[0]`. */
export function fieldName(pointer: string): string {
  const parts = pointer.split('/').slice(1).map(decode);
  const [first, ...rest] = parts[0] === 'config' ? parts.slice(1) : parts;
  if (first === undefined) return 'config';
  return rest.reduce((name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : `${name}.${part}`), first);
}

function decode(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
