import { nodeName } from '#components/recovery/recovery-words.ts';
import { formatDuration } from '#components/ui/format-duration.ts';
import { STATUS_LOOK } from '#components/ui/status-badge.tsx';
import type { ComparedStepReply, RunComparisonReply } from '#core/api/compare-runs.ts';
import type { FlowNode } from '#core/flow-document.ts';

type Facts = ComparedStepReply['after'];

/** `Succeeded`, or that the run did not reach the step. */
export function statusInWords(facts: Facts): string {
  return facts === null ? 'Not reached' : STATUS_LOOK[facts.status].label;
}

/** A step by the name of its node, with its item. */
export function stepName(
  { nodeId, key }: Pick<ComparedStepReply, 'nodeId' | 'key'>,
  { document }: Pick<RunComparisonReply, 'document'>,
  labelOf: (node: FlowNode) => string,
): string {
  const name = nodeName(document, nodeId, labelOf);
  return key === '' ? name : `${name} #${key}`;
}

/** How the runs part at a step: `succeeded before, failed now`. */
export function partingInWords({ before, after, differs }: ComparedStepReply): string {
  if (differs.includes('presence') || differs.includes('status'))
    return `${statusInWords(before).toLowerCase()} before, ${statusInWords(after).toLowerCase()} now`;
  if (differs.includes('ports'))
    return `went on by ${portsInWords(before)} before, by ${portsInWords(after)} now`;
  return 'it failed in both, each time for another reason';
}

function portsInWords(facts: Facts): string {
  const ports = facts?.ports ?? [];
  return ports.length === 0 ? 'no port' : ports.map((port) => `“${port}”`).join(' and ');
}

/** What differs, briefly: `failed instead of succeeded`, `3 fields of its input`. In the order of weight. */
export function differencesInWords(step: ComparedStepReply): readonly string[] {
  const { before, after, differs, settings, input, output } = step;
  if (before === null) return ['only in this run'];
  if (after === null) return ['not reached in this run'];
  return [
    differs.includes('status') &&
      `${statusInWords(after).toLowerCase()}, was ${statusInWords(before).toLowerCase()}`,
    differs.includes('ports') && !differs.includes('status') && 'another way',
    differs.includes('error') && !differs.includes('status') && 'another error',
    settings.total > 0 && counted(settings.total, 'setting'),
    input.total > 0 && `input: ${counted(input.total, 'field')}`,
    output.total > 0 && `output: ${counted(output.total, 'field')}`,
  ].filter((part) => part !== false);
}

/** `1 field`, `12 fields`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `120 ms`, or a dash for a step that took no time of its own. */
export function timeInWords(facts: Facts): string {
  return facts?.ms == null ? '–' : formatDuration(facts.ms);
}
