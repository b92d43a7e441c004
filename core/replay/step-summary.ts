import type { FlowNode } from '../flow-document.ts';
import type { Json } from '../json.ts';
import { isExpression, isTemplate } from '../value.ts';

/** What a step does, as far as its settings say so before it runs: `POST https://api.example.com/orders`. */
export function stepSummary({ config }: FlowNode, label: string): string {
  const url = textOf(config['url']);
  if (url !== undefined) return `${textOf(config['method']) ?? 'GET'} ${url}`;
  const flow = textOf(config['flow']);
  return flow === undefined ? label : `${label}: ${flow}`;
}

/** Computed settings as they are written. */
function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (isTemplate(value)) return value.$tpl;
  return isExpression(value) ? `{{ ${value.$expr} }}` : undefined;
}
