import { expect, test } from 'vitest';

import { fillUrl } from '#connectors/url-template.ts';

const SANDBOX = 'http://127.0.0.1:4010';

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['https://vend.example/token', {}, 'https://vend.example/token'],
  // At the beginning a field gives the whole origin, and more.
  ['{instance}/token', { instance: 'https://eu.vend.example' }, 'https://eu.vend.example/token'],
  ['{instance}/token', { instance: 'https://eu.vend.example/base/' }, 'https://eu.vend.example/base/token'],
  // The whole of an address is what somebody wrote: to some, a slash at the end is another place.
  ['{tokenUrl}', { tokenUrl: 'https://vend.example/o/token/' }, 'https://vend.example/o/token/'],
  ['{authorizeUrl}', { authorizeUrl: 'https://vend.example/a?tenant=1' }, 'https://vend.example/a?tenant=1'],
  ['{sandbox}/oauth/token', {}, `${SANDBOX}/oauth/token`],
  // Anywhere else it is one name.
  ['https://{shop}.vend.example/token', { shop: 'acme' }, 'https://acme.vend.example/token'],
  [
    'https://vend.example/{tenant}/token',
    { tenant: 'a b/c?d#e' },
    'https://vend.example/a%20b%2Fc%3Fd%23e/token',
  ],
])('%s with %o is %s', (template, fields, url) => {
  expect(fillUrl(template, fields, SANDBOX)).toBe(url);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['{instance}/token', {}],
  ['{instance}/token', { instance: '' }],
  ['https://{shop}.vend.example', { shop: '' }],
  // A field of the prototype is none.
  ['{constructor}/token', {}],
  ['https://vend.example/{toString}', {}],
  // Not an address of the web.
  ['{instance}/token', { instance: 'javascript:alert(1)//' }],
  ['{instance}/token', { instance: 'file:///etc/passwd' }],
  ['{instance}/token', { instance: 'vend.example' }],
  ['{instance}/token', { instance: 'https://' }],
  // With a user name the host is another than it seems.
  ['{instance}/token', { instance: 'https://vend.example@evil.example' }],
  ['https://{shop}.vend.example', { shop: 'evil.example/' }],
  ['https://{shop}.vend.example', { shop: 'user@evil' }],
  ['https://{shop}.vend.example', { shop: 'evil.example:443' }],
  // Would leave the place where it stands.
  ['https://vend.example/{tenant}/token', { tenant: '..' }],
  ['https://vend.example/{tenant}/token', { tenant: '.' }],
  // What follows would no longer be the path.
  ['{instance}/token', { instance: 'https://evil.example?' }],
  ['{instance}/token', { instance: 'https://evil.example#' }],
])('%s with %o is nowhere', (template, fields) => {
  expect(fillUrl(template, fields, SANDBOX)).toBeNull();
});

test('without a sandbox app nothing is there', () => {
  expect(fillUrl('{sandbox}/oauth/token', {}, undefined)).toBeNull();
  // A field of that name is not it.
  expect(fillUrl('{sandbox}/oauth/token', { sandbox: 'https://evil.example' }, undefined)).toBeNull();
});
