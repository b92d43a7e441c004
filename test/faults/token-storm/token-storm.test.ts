import { afterAll, beforeAll, expect, test } from 'vitest';

import { openStage, type Stage } from '#test/faults/stage.ts';
import { startOAuthProvider, type OAuthProvider } from '#test/support/oauth/provider.ts';

import { kills } from './kills.ts';
import { race } from './race.ts';

let stage: Stage;
let provider: OAuthProvider;
beforeAll(async () => {
  provider = await startOAuthProvider();
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
  await provider.stop();
});

test('many processes that want a token ask for it once, again and again', async () => {
  const report = await race(stage, provider, { rounds: 3, processes: 3, callers: 10, hasWorker: true });
  expect(report).toMatchObject({ faults: [], mostAsksWithOne: 1, revokedGrants: 0 });
}, 120_000);

test('processes that die with the answer leave connections to be reconnected, each once, and runs that wait', async () => {
  const report = await kills(stage, provider, { count: 4, isHurried: true });
  expect(report).toMatchObject({ faults: [], kills: 4, marked: 4, mostAsksWithOne: 2, waited: 4, wentOn: 4 });
}, 120_000);
