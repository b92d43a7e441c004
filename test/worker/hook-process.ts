/** A web process for hooks alone, in a process of its own: sends its URL to its parent. */
import { startHookServer } from '#test/support/hook-fixture.ts';

const server = await startHookServer();
process.send?.({ url: server.url });
process.once('disconnect', () => process.exit(0));
