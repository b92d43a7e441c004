import { request } from 'node:http';

import { describe, expect, test } from 'vitest';

import type { Acme } from '#sandbox/start-acme.ts';
import { authorizationRequest, callAcme, connect, postForm } from '#test/support/acme.ts';
import { useAcme } from '#test/support/use-acme.ts';

const startAcme = useAcme();
const PAGES = ['/contacts', '/contacts/con_sample1', '/deals', '/webhooks', '/apps', '/trouble'];

async function pageOf(acme: Acme, path: string): Promise<string> {
  const reply = await fetch(acme.url + path);
  expect(reply.status).toBe(200);
  return reply.text();
}

async function contactCount(acme: Acme): Promise<number> {
  const page = await pageOf(acme, '/contacts');
  return Number(/<h1>Contacts <span class="count">(\d+)</.exec(page)?.[1]);
}

/** `fetch` sets `Host` itself. */
function statusWithHost(acme: Acme, host: string): Promise<number | undefined> {
  return new Promise((done, fail) => {
    const call = request(`${acme.url}/contacts`, { headers: { host } }, (reply) => {
      reply.resume();
      done(reply.statusCode);
    });
    call.once('error', fail);
    call.end();
  });
}

describe('every page', () => {
  test('runs no script, is framed by nobody and loads nothing from elsewhere', async () => {
    const acme = await startAcme();
    for (const path of [...PAGES, '/nowhere', '/style.css', '/api/v1/me', '/oauth/authorize']) {
      const policy = (await fetch(acme.url + path)).headers.get('content-security-policy');
      expect([path, policy]).toEqual([path, expect.stringContaining("default-src 'none'")]);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).not.toMatch(/script-src|unsafe|https?:/);
    }
    for (const path of PAGES) {
      const page = await pageOf(acme, path);
      expect(page).not.toMatch(/<script|\son\w+=|style=|(src|href)="(https?:)?\/\//);
      expect(page).toMatch(/Nobody signs in, because only\s+this machine can reach it/);
    }
  });

  test('is there under the names of this machine only', async () => {
    const acme = await startAcme();
    const { port } = new URL(acme.url);
    expect(await statusWithHost(acme, `127.0.0.1:${port}`)).toBe(200);
    expect(await statusWithHost(acme, `localhost:${port}`)).toBe(200);
    expect(await statusWithHost(acme, `evil.example:${port}`)).toBe(421);
    expect(await statusWithHost(acme, `127.0.0.1.evil.example:${port}`)).toBe(421);
  });

  test('lets the consent form lead to the app that asked, and to no other site', async () => {
    const acme = await startAcme({ patchbayUrl: 'https://flows.example' });
    const start = await fetch(authorizationRequest(acme).url, { redirect: 'manual' });
    const cookie = start.headers.getSetCookie().map((line) => line.split(';')[0]);
    const page = await fetch(new URL(start.headers.get('location') ?? '', acme.url), {
      headers: { cookie: cookie.join('; ') },
    });
    expect(await page.text()).toContain('Ada Park');
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://flows.example;",
    );
  });

  test('that there is not is a page that says so', async () => {
    const acme = await startAcme();
    for (const path of ['/nowhere', '/contacts/con_none']) {
      const reply = await fetch(acme.url + path);
      expect(reply.status).toBe(404);
      expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
  });
});

describe('what somebody typed', () => {
  const NASTY = `"><img src=x onerror=alert(1)><script>alert('x')</script>&amp;`;
  const ESCAPED =
    '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;';

  test('is shown as text, wherever it is shown', async () => {
    const acme = await startAcme();
    const { access_token: token } = await connect(acme);
    const contact = { name: NASTY, email: 'nasty@example.com', company: NASTY };
    const reply = await callAcme(acme, token, '/contacts', {
      body: contact,
      headers: { 'idempotency-key': NASTY },
    });
    const { id } = (await reply.json()) as { id: string };
    const hook = { url: `http://127.0.0.1:3000/"'<b>`, events: ['deal.created'] };
    expect((await callAcme(acme, token, '/webhooks', { body: hook })).status).toBe(201);
    await postForm(acme, '/deals', { contactId: id, title: NASTY, amount: '1', stage: 'lead' });
    await callAcme(acme, token, `/deals/<script>`);
    for (const path of ['/contacts', `/contacts/${id}`, '/deals', '/webhooks', '/trouble']) {
      const page = await pageOf(acme, path);
      expect(page).not.toMatch(/<img src=x|<script|<b>/);
      expect([path, page.includes(ESCAPED)]).toEqual([path, true]);
    }
    expect(await pageOf(acme, `/contacts/${id}`)).toContain(`value="${ESCAPED}"`);
  });

  test('is shown again as text when it is refused, and nothing of the address is', async () => {
    const acme = await startAcme();
    const refused = await postForm(acme, '/contacts', { name: NASTY, email: '"><script>' });
    expect(refused.status).toBe(422);
    const page = await refused.text();
    expect(page).toContain(`value="${ESCAPED}"`);
    expect(page).not.toContain('<script');
    expect(page).toMatch(/role="alert">email: /);
    expect(await contactCount(acme)).toBe(8);
    expect(await pageOf(acme, '/contacts?done=<script>alert(1)</script>')).not.toContain('alert(1)');
    expect(await pageOf(acme, '/contacts?done=constructor')).not.toContain('native code');
  });
});

describe('a form', () => {
  test('does what it says, and leads to a page that says so', async () => {
    const acme = await startAcme();
    const added = await postForm(acme, '/contacts', { name: 'New', email: 'new@example.com', company: '' });
    expect(added.status).toBe(303);
    expect(await pageOf(acme, added.headers.get('location') ?? '')).toContain('The contact was added.');
    expect(await contactCount(acme)).toBe(9);
    const changed = await postForm(acme, '/contacts/con_sample1', { name: 'Mo', email: 'mo@example.com' });
    expect(await pageOf(acme, changed.headers.get('location') ?? '')).toContain('<h1>Mo</h1>');
    await postForm(acme, '/trouble/reset');
    expect(await contactCount(acme)).toBe(8);
    expect(await pageOf(acme, '/contacts/con_sample1')).toContain('<h1>Mara Lindqvist</h1>');
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['something that is no browser', {}],
  ])('of %s does nothing', async (_who, headers) => {
    const acme = await startAcme();
    await connect(acme);
    const [, grantId = ''] = /\/apps\/([\w-]+)\/revoke/.exec(await pageOf(acme, '/apps')) ?? [];
    for (const [path, fields] of [
      ['/contacts', { name: 'New', email: 'new@example.com' }],
      ['/contacts/con_sample1', { name: 'New', email: 'new@example.com' }],
      ['/deals', { contactId: 'con_sample1', title: 'x', amount: '1', stage: 'lead' }],
      ['/deals/deal_sample1/stage', { stage: 'won' }],
      ['/trouble', { trouble: 'deals_503' }],
      ['/trouble/expire', {}],
      ['/trouble/reset', {}],
      ['/apps/machine/revoke', {}],
      [`/apps/${grantId}/revoke`, {}],
    ] as [string, Record<string, string>][])
      expect([path, (await postForm(acme, path, fields, headers)).status]).toEqual([path, 403]);
    expect(await contactCount(acme)).toBe(8);
    expect(await pageOf(acme, '/apps')).toContain(grantId);
    expect(await pageOf(acme, '/trouble')).not.toContain('Trouble is on');
  });

  test('is sent, never followed as a link', async () => {
    const acme = await startAcme();
    for (const path of [
      '/trouble/expire',
      '/trouble/reset',
      '/apps/machine/revoke',
      '/deals/deal_sample1/stage',
    ])
      expect((await fetch(acme.url + path)).status).toBe(405);
  });
});
