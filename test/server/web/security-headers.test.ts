import { expect, test } from 'vitest';

import { contentSecurityPolicy, securityHeaders } from '#server/web/security-headers.ts';

test('browsers are told to keep to https where the product is reached by it, and only there', () => {
  expect(securityHeaders({ https: true })['Strict-Transport-Security']).toMatch(/^max-age=31536000/);
  expect(securityHeaders({ https: false })).not.toHaveProperty('Strict-Transport-Security');
  expect(contentSecurityPolicy('n', { dev: false, https: true })).toContain('upgrade-insecure-requests');
  expect(contentSecurityPolicy('n', { dev: false, https: false })).not.toContain('upgrade-insecure-requests');
});
