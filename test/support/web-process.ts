/** A web process without pages: sends the URLs of its hooks and its API to its parent, and ends with it. */
import { watchClock } from '#server/db/clock-watch.ts';
import { startApiServer } from '#test/support/api-server.ts';
import { startHookServer } from '#test/support/hook-fixture.ts';

await watchClock();
const [hooks, api] = await Promise.all([startHookServer(), startApiServer()]);
process.once('disconnect', () => process.exit(0));
process.send?.({ url: hooks.url, apiUrl: api.url });
