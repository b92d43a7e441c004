const LONGEST = 63;

/** A slug made from a name: `Neue Bestellung (EU)` becomes `neue-bestellung-eu`; `none` where no letter is left. */
export function slugFromName(name: string, none = 'flow'): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? none : slug;
}
