import type { UrlTemplate } from './contract.ts';

const PLACE = /\{(\w+)\}/g;

/**
 * Fills a template from a connection's fields, and `{sandbox}` from `sandboxUrl`. Null when a field is missing or would lead elsewhere
 * than where it stands, or when what it makes is no http address, or one with a user name in it.
 */
export function fillUrl(
  template: UrlTemplate,
  fields: Readonly<Record<string, string>>,
  sandboxUrl: string | undefined,
): string | null {
  let isComplete = true;
  const text = template.replaceAll(PLACE, (place, name: string, at: number) => {
    const value = name === 'sandbox' ? sandboxUrl : Object.hasOwn(fields, name) ? fields[name] : undefined;
    const filled =
      value === undefined ? null : fillPlace(value, { isWhole: place === template, isFirst: at === 0 });
    isComplete &&= filled !== null;
    return filled ?? '';
  });
  if (!isComplete || !URL.canParse(text)) return null;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' ? text : null;
}

function fillPlace(
  value: string,
  { isWhole, isFirst }: { readonly isWhole: boolean; readonly isFirst: boolean },
): string | null {
  if (isWhole) return value;
  // A path comes after it.
  if (isFirst) return URL.canParse(value) && !/[?#]/.test(value) ? withoutSlash(value) : null;
  // No escape keeps dots from leading out of their place.
  return value === '' || value === '.' || value === '..' ? null : encodeURIComponent(value.toWellFormed());
}

/** An address that a path can be put behind. */
export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
