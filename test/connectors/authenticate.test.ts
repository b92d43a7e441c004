import { describe, expect, it } from 'vitest';

import { authenticate } from '#connectors/authenticate.ts';
import type { HttpRequest, OpenConnection } from '#connectors/contract.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';

const TOKEN: OpenConnection = {
  connector: 'bearer_token',
  fields: { token: 't', instance: 'https://eu.vend.example/' },
};

function request(url: string, baseUrl?: string): HttpRequest {
  return { method: 'GET', url, isAuthenticated: true, ...(baseUrl !== undefined && { baseUrl }) };
}

function failure(run: () => unknown): StepError {
  try {
    run();
  } catch (error) {
    if (error instanceof StepFailure) return error.error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('where an authenticated call goes', () => {
  it.each<[string, string]>([
    ['https://api.vend.example/v1', 'https://api.vend.example/v1/things?a=1'],
    ['{instance}/v1', 'https://eu.vend.example/v1/things?a=1'],
    ['{sandbox}/api', 'http://127.0.0.1:4010/api/things?a=1'],
  ])('below %s', (base, url) => {
    const made = authenticate(request('/things?a=1', base), TOKEN, 'http://127.0.0.1:4010');
    expect(made).toMatchObject({ url, headers: { authorization: 'Bearer t' } });
    expect(made).not.toHaveProperty('baseUrl');
  });

  it.each(['{missing}/v1', '{sandbox}/api'])('nowhere where %s has gaps', (base) => {
    expect(failure(() => authenticate(request('/things', base), TOKEN, undefined))).toMatchObject({
      kind: 'invalid',
      code: 'address_unknown',
      pointer: '/connection',
    });
  });
});
