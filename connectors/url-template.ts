import type { UrlTemplate } from './contract.ts';

const PLACE = /\{(\w+)\}/g;

/**
 * Fills a template from a connection's fields, and `{sandbox}` from `sandboxUrl`. Null when a field is missing, or when what it
 * makes is no http address, or one with a user name in it.
 */
export function fillUrl(
  template: UrlTemplate,
  fields: Readonly<Record<string, string>>,
  sandboxUrl: string | undefined,
): string | null {
  let isComplete = true;
  const text = template.replaceAll(PLACE, (_, name: string, at: number) => {
    const value = name === 'sandbox' ? sandboxUrl : Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined || value === '') isComplete = false;
    return at === 0 ? (value ?? '').replace(/\/+$/, '') : encodeURIComponent(value ?? '');
  });
  if (!isComplete || !URL.canParse(text)) return null;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' ? text : null;
}
