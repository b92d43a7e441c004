import { expect, test } from 'vitest';

import type { OpenConnection } from '#connectors/contract.ts';
import { briefly } from '#worker/briefly.ts';
import { ConnectionDesk } from '#worker/calls/connection-desk.ts';

/** A connection that counts its tokens, opened as workers open them. */
function shop({
  goodForMs = null,
  isRenewable = true,
}: { goodForMs?: number | null; isRenewable?: boolean } = {}) {
  const seen = { version: 1, opened: 0, renewed: 0 };
  const openConnection = briefly(() => {
    seen.opened += 1;
    const { version } = seen;
    return Promise.resolve({ connector: 'twin', fields: {}, token: { version, goodForMs } });
  });
  const renewConnection = () => {
    seen.renewed += 1;
    if (isRenewable) seen.version += 1;
    return Promise.resolve(isRenewable);
  };
  const desk = new ConnectionDesk({ openConnection, renewConnection });
  const open = async () => (await desk.open('w', 'shop'))!;
  return { seen, desk, open, reopen: (refused: OpenConnection) => desk.reopen('w', 'shop', refused) };
}

test('a connection that was renewed is forgotten: nobody gets the old token any more', async () => {
  const { open, reopen, seen } = shop();
  const first = await open();
  expect((await reopen(first))?.token?.version).toBe(2);
  expect((await open()).token?.version).toBe(2);
  expect(seen).toMatchObject({ renewed: 1, opened: 2 });
});

test('a call that was refused with an older token than the one at hand costs no renewal', async () => {
  const { open, reopen, seen } = shop();
  const first = await open();
  await reopen(first);
  expect((await reopen(first))?.token?.version).toBe(2);
  expect(seen.renewed).toBe(1);
});

test('where another token did not help, the next refusals cost none', async () => {
  const { open, reopen, desk, seen } = shop();
  const second = await reopen(await open());
  desk.noteUseless('w', 'shop');
  expect(await reopen(second!)).toBeNull();
  expect(seen.renewed).toBe(1);
});

test('there is nothing to reopen where no other token is to be had', async () => {
  const { open, reopen } = shop({ isRenewable: false });
  expect(await reopen(await open())).toBeNull();
});

test('a token is not kept longer than it is good', async () => {
  const { open, seen } = shop({ goodForMs: 0 });
  await open();
  await open();
  expect(seen.opened).toBe(2);
});
