import { describe, expect, test } from 'vitest';

import { authorizationRequest, callAcme, connect, giveConsent } from '#test/support/acme.ts';
import { useAcme } from '#test/support/use-acme.ts';

const startAcme = useAcme();

describe('what was not allowed', () => {
  test('is refused with the name of the scope; what was allowed works', async () => {
    const acme = await startAcme();
    const tokens = await connect(acme, { untick: ['deals:write', 'webhooks:manage'] });
    expect(tokens.scope.split(' ')).not.toContain('deals:write');
    expect((await callAcme(acme, tokens.access_token, '/deals')).status).toBe(200);
    const deal = { contactId: 'con_sample1', title: 'A deal', amount: 1, stage: 'lead' };
    const refused = await callAcme(acme, tokens.access_token, '/deals', { body: deal });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('scope="deals:write"');
    expect(await refused.json()).toEqual({
      error: { code: 'missing_scope', message: 'The access token lacks the scope deals:write.' },
    });
    expect(await (await callAcme(acme, tokens.access_token, '/webhooks')).json()).toMatchObject({
      error: { code: 'missing_scope', message: expect.stringContaining('webhooks:manage') as string },
    });
  });

  test('was not asked for either', async () => {
    const acme = await startAcme();
    const { access_token: token, scope } = await connect(acme, { scope: 'deals:read' });
    expect(scope).toBe('deals:read');
    expect((await callAcme(acme, token, '/pipelines')).status).toBe(200);
    expect((await callAcme(acme, token, '/contacts')).status).toBe(403);
  });

  test('is everything when every box is unticked', async () => {
    const acme = await startAcme();
    const { url } = authorizationRequest(acme, { scope: 'contacts:read deals:read' });
    const back = await giveConsent(url, { untick: ['contacts:read', 'deals:read'] });
    expect(back.searchParams.get('error')).toBe('access_denied');
  });
});

describe('Ben, who may only read', () => {
  test.each([
    ['whatever is asked for', []],
    ['whatever his browser sends', ['contacts:write', 'deals:write', 'webhooks:manage', 'everything']],
  ])('cannot allow more, %s', async (_case, forge) => {
    const acme = await startAcme();
    const tokens = await connect(acme, { person: 'ben', forge });
    expect(tokens.scope.split(' ').sort()).toEqual(['contacts:read', 'deals:read', 'offline_access']);
    const contact = { name: 'New', email: 'new@example.com' };
    expect((await callAcme(acme, tokens.access_token, '/contacts', { body: contact })).status).toBe(403);
  });
});
