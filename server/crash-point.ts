import { CRASH_POINTS, type CrashPoint } from '#server/crash-points.ts';

/**
 * Where a process may be made to die, so that tests see what a crash at exactly that place leaves behind. Does nothing
 * unless `PATCHBAY_CRASH_AT` names the point: `journal.before_commit`, with `:3` at its third pass, with `@post` only where
 * the step's node is called `post`. Then the process ends by SIGKILL: nothing is flushed, closed or released.
 *
 * @param nodeId the step at hand, at points of steps.
 */
export function crashPoint(name: CrashPoint, nodeId?: string): void {
  if (armed === undefined || armed.name !== name) return;
  if (armed.nodeId !== undefined && armed.nodeId !== nodeId) return;
  armed.passesLeft -= 1;
  if (armed.passesLeft === 0) process.kill(process.pid, 'SIGKILL');
}

interface Armed {
  readonly name: CrashPoint;
  readonly nodeId: string | undefined;
  passesLeft: number;
}

const armed = arm(process.env['PATCHBAY_CRASH_AT']);

function arm(setting: string | undefined): Armed | undefined {
  if (!setting) return undefined;
  const [, name = '', nodeId, pass = '1'] = /^([a-z_.]+)(?:@(\w+))?(?::(\d+))?$/.exec(setting) ?? [];
  if (!Object.hasOwn(CRASH_POINTS, name))
    throw new Error(`PATCHBAY_CRASH_AT names no crash point: ${setting}. See server/crash-points.ts.`);
  return { name: name as CrashPoint, nodeId, passesLeft: Number(pass) };
}
