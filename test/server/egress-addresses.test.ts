import { describe, expect, test } from 'vitest';

import { AddressPolicy } from '#server/egress/address-policy.ts';
import { EnvironmentError } from '#server/env.ts';
import { failureOf } from '#test/support/failure-of.ts';
import { client, farEnd, get, text } from './egress-support.ts';

const ok = (_: unknown, response: { end(body: string): void }) => response.end('inside');

describe('addresses that are refused at connect', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://localhost/',
    'http://LOCALHOST/',
    'http://10.0.0.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://172.31.255.255/',
    'http://192.0.0.8/',
    'http://192.0.2.1/',
    'http://192.88.99.1/',
    'http://192.168.1.1/',
    'http://198.19.0.1/',
    'http://198.51.100.7/',
    'http://203.0.113.7/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::]/',
    'http://[::1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::1]/',
    'http://[100::1]/',
    'http://[2001::1]/',
    'http://[2001:db8::1]/',
    'http://[2002:7f00:1::]/',
    'http://[3fff::1]/',
    'http://[5f00::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
  ])('%s', async (url) => {
    const error = await failureOf(get(client({ allow: '' }), url));
    expect(error).toMatchObject({ kind: 'invalid', code: 'egress_denied' });
    expect(error.message).toContain('PATCHBAY_EGRESS_ALLOW');
  });

  test.each([
    'http://[fe80::1%25lo]/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'ftp://example.com/',
    'unix:/var/run/docker.sock',
    'http://user:password@example.com/',
    'no address at all',
  ])('%s is no address to call', async (url) => {
    expect(await failureOf(get(client(), url))).toMatchObject({ kind: 'invalid', code: 'invalid_url' });
  });

  test('a name is refused for any private address among its answers', async () => {
    const far = await farEnd(ok);
    const resolve = () =>
      Promise.resolve([
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const error = await failureOf(get(client({ allow: '', resolve }), `http://mixed.test:${far.port}/`));
    expect(error.code).toBe('egress_denied');
    expect(far.seen).toEqual([]);
  });

  test('rebinding: the address that was checked is the one dialled, and no second answer is asked for', async () => {
    const far = await farEnd(ok);
    let asked = 0;
    // First a public answer, which nothing listens at; then the private one that an attacker hopes for.
    const resolve = () => {
      asked += 1;
      return Promise.resolve([{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
    };
    const http = client({ allow: '192.0.2.1', resolve, connectTimeoutMs: 300 });
    const url = `http://rebind.test:${far.port}/`;
    const first = await failureOf(get(http, url, { timeoutMs: 1_500 }));
    expect(['connect_timeout', 'connect_refused', 'timeout']).toContain(first.code);
    expect(asked).toBe(1);
    expect(await failureOf(get(http, url))).toMatchObject({ code: 'egress_denied' });
    expect(far.seen).toEqual([]);
  });

  test('a proxy of the environment is not asked', async () => {
    const proxy = await farEnd(ok);
    const far = await farEnd((_, response) => response.end('direct'));
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    names.forEach((name) => (process.env[name] = proxy.url));
    try {
      expect(text(await get(client(), far.url))).toBe('direct');
      expect(proxy.seen).toEqual([]);
    } finally {
      names.forEach((name) => delete process.env[name]);
    }
  });
});

describe('what an administrator allows', () => {
  const at = (address: string, port = 80, host = address) => ({ host, port, address });

  test.each([
    ['10.0.0.0/8', at('10.1.2.3'), true],
    ['10.0.0.0/8', at('11.0.0.1', 80), true],
    ['10.0.0.0/8', at('192.168.0.1'), false],
    ['127.0.0.1', at('127.0.0.1', 8080), true],
    ['127.0.0.1', at('127.0.0.2', 8080), false],
    ['::1', at('::1'), true],
    ['[::1]:8080', at('::1', 8080), true],
    ['[::1]:8080', at('::1', 8081), false],
    ['fd00::/8', at('fd12::1'), true],
    ['crm.internal:8443', at('10.0.0.9', 8443, 'crm.internal'), true],
    ['CRM.internal:8443', at('10.0.0.9', 8443, 'crm.internal'), true],
    ['crm.internal:8443', at('10.0.0.9', 443, 'crm.internal'), false],
    ['crm.internal:8443', at('10.0.0.9', 8443, 'evil.test'), false],
    ['127.0.0.0/8', at('::ffff:127.0.0.1'), false],
    ['', at('93.184.216.34'), true],
    ['', at('2606:2800:220:1:248:1893:25c8:1946'), true],
    ['', at('not an address'), false],
  ])('%j: %j is %s', (allow, destination, allowed) => {
    expect(new AddressPolicy({ allow }).allows(destination)).toBe(allowed);
  });

  test.each(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200'])(
    'no range opens %s, where clouds keep credentials; naming it does',
    (address) => {
      expect(new AddressPolicy({ allow: '0.0.0.0/0,::/0' }).allows(at(address))).toBe(false);
      expect(new AddressPolicy({ allow: address }).allows(at(address))).toBe(true);
    },
  );

  test('our own web server and database are opened by an exact entry alone', () => {
    const ranged = new AddressPolicy({ allow: '127.0.0.0/8', ownPorts: [3000, 5432] });
    expect(ranged.allows(at('127.0.0.1', 3000))).toBe(false);
    expect(ranged.allows(at('127.0.0.1', 5432, 'localhost'))).toBe(false);
    expect(ranged.allows(at('127.0.0.1', 8080))).toBe(true);
    const exact = new AddressPolicy({ allow: 'localhost:3000', ownPorts: [3000] });
    expect(exact.allows(at('127.0.0.1', 3000, 'localhost'))).toBe(true);
  });

  test.each(['10.0.0.0/33', 'http://x', 'crm.internal', '*', 'a b:1'])(
    '%j is refused at the start',
    (allow) => {
      expect(() => new AddressPolicy({ allow })).toThrow(EnvironmentError);
    },
  );
});
