import type { JsonObject } from '../../json.ts';
import { formFields } from '../form-fields.ts';
import type { Hint } from '../hint.ts';
import { connectionHint, isSecretName } from '../secret-names.ts';

export type CurlUrl =
  | { readonly ok: true; readonly url: string; readonly query: JsonObject; readonly hints: readonly Hint[] }
  | { readonly ok: false; readonly message: string };

/** The address without what shows who calls, and its query. `more`: pairs that options add to the query. */
export function readCurlUrl(written: string, more: readonly string[]): CurlUrl {
  const hints: Hint[] = [];
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(written);
  if (hasScheme && !/^https?:/i.test(written)) {
    return { ok: false, message: `An HTTP node calls http and https alone, not ${written}.` };
  }
  if (!hasScheme) hints.push(NO_SCHEME);
  const whole = (hasScheme ? written : `http://${written}`).replace(/#.*$/, '');
  const [, scheme = '', login, address = ''] = /^(https?:\/\/)(?:([^/?#@]*)@)?([^]*)$/i.exec(whole) ?? [];
  if (login !== undefined) hints.push(connectionHint('URL', 'basic_auth'));
  if (!/^[^\s/?#]+\S*$/.test(address)) {
    return { ok: false, message: `“${written}” is not an address that can be called.` };
  }
  const mark = address.indexOf('?');
  const base = scheme + (mark === -1 ? address : address.slice(0, mark));
  const pairs = [...(mark === -1 ? [] : [address.slice(mark + 1)]), ...more]
    .filter((text) => text !== '')
    .join('&');
  const fields = pairs === '' ? {} : formFields(pairs);
  if (fields === undefined) return { ok: true, url: `${base}?${pairs}`, query: {}, hints };
  const secrets = Object.keys(fields).filter(isSecretName);
  const query = Object.fromEntries(Object.entries(fields).filter(([name]) => !isSecretName(name)));
  return {
    ok: true,
    url: base,
    query,
    hints: [...hints, ...secrets.map((name) => connectionHint(`Query ${name}`, 'api_key', name))],
  };
}

const NO_SCHEME: Hint = {
  kind: 'know',
  place: 'URL',
  why: 'The command names neither http nor https, so it is http, as curl takes it.',
};
