import type { ReplayPlan } from '#core/api/replay.ts';

export type PlannedEffect = ReplayPlan['effects'][number];

/** What a replay will do, in a sentence or two. */
export function planInWords({ executed, possible, reused, effects }: ReplayPlan): string {
  const parts = [
    `${steps(executed.length)} ${executed.length === 1 ? 'runs' : 'run'}`,
    possible.length > 0 && `${possible.length} may run, as the data decides`,
    reused.length > 0 && `${reused.length} ${reused.length === 1 ? 'is' : 'are'} taken over`,
  ].filter((part) => part !== false);
  const again = effects.filter(({ repeats, effect }) => repeats && effect !== 'read');
  return `${listed(parts)}. ${repeatsInWords(again)}`;
}

/** What becomes of one call. */
export function effectInWords({ effect, repeats, sameKey, certain }: PlannedEffect): string {
  const words = outcome({ effect, repeats, sameKey });
  return certain ? words : `If the data leads there: ${words[0]?.toLowerCase() ?? ''}${words.slice(1)}`;
}

/** True for a call that the far end may carry out a second time. */
export function isRepeated({ effect, repeats, sameKey }: PlannedEffect): boolean {
  return repeats && effect !== 'read' && !sameKey;
}

function outcome({ effect, repeats, sameKey }: Outcome): string {
  if (effect === 'read') return 'Only reads.';
  if (!repeats) return 'Was not done in the original run.';
  if (sameKey) return 'Goes out again under the same key: a far end that honours it does it once.';
  return 'Happens again: the original run did it already.';
}

type Outcome = Pick<PlannedEffect, 'effect' | 'repeats' | 'sameKey'>;

function repeatsInWords(again: readonly PlannedEffect[]): string {
  const certain = again.filter((effect) => effect.certain).length;
  const perhaps = again.length - certain;
  if (again.length === 0) return 'Nothing that was done is done again.';
  if (certain === 0)
    return `${calls(perhaps)} that ${perhaps === 1 ? 'was' : 'were'} made may be made again.`;
  const first = `${calls(certain)} that ${certain === 1 ? 'was made is' : 'were made are'} made again`;
  return perhaps === 0 ? `${first}.` : `${first}, and ${perhaps} more may be.`;
}

function steps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}

function calls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}

function listed(parts: readonly string[]): string {
  if (parts.length <= 1) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
