import type { FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';

import { answerTo, faultOf, parsePlan } from './call-plan.ts';
import { ExpressionFault, evaluateValue, isTrue, type Names } from './tiny-expression.ts';

/** What is compared of an error; `*` stands for any code. */
export interface Fault {
  readonly kind: string;
  readonly code: string;
}

/** What one attempt of a step comes to. */
export type Act =
  | {
      readonly did: 'succeed';
      readonly output: Json;
      readonly ports: readonly string[];
      readonly reply?: Json;
      readonly end?: 'succeeded' | 'failed';
    }
  | { readonly did: 'fail'; readonly error: Fault; readonly isRetryable: boolean }
  | { readonly did: 'wait' };

/** Does one attempt of a node, of any type but a loop. `call` is the attempt's number, from 1. */
export function act(
  node: FlowNode,
  at: { readonly key: string; readonly call: number; readonly names: Names },
): Act {
  try {
    return actOn(node, at);
  } catch (cause) {
    if (!(cause instanceof ExpressionFault)) throw cause;
    return { did: 'fail', error: { kind: 'invalid', code: 'expression_failed' }, isRetryable: false };
  }
}

function actOn(node: FlowNode, { key, call, names }: Parameters<typeof act>[1]): Act {
  const config = evaluateValue(node.config, names) as Readonly<Record<string, Json>>;
  switch (node.type) {
    case 'core.map':
      return succeed(config['output'] ?? null);
    case 'core.filter':
      return succeed(isTrue(config['condition']), isTrue(config['condition']) ? ['out'] : []);
    case 'core.if':
      return succeed(isTrue(config['condition']), [String(isTrue(config['condition']))]);
    case 'core.switch':
      return choose(config);
    case 'core.respond':
      return { ...succeed(config['body'] ?? null), reply: config['body'] ?? null };
    case 'core.stop':
      return stop(config);
    case 'core.wait':
      return config['seconds'] === 0 ? succeed({ resumedAt: '' }) : { did: 'wait' };
    case 'http.request':
      return callFarEnd(node, config, { key, call });
    default:
      throw new Error(`The model does not know ${node.type}.`);
  }
}

function succeed(output: Json, ports: readonly string[] = ['out']): Act & { did: 'succeed' } {
  return { did: 'succeed', output, ports };
}

function choose(config: Readonly<Record<string, Json>>): Act {
  const cases = config['cases'] as readonly { port: string; when: Json }[];
  const held = cases.filter((each) => isTrue(each.when)).map((each) => each.port);
  const ports = held.length === 0 ? ['default'] : config['mode'] === 'all' ? held : held.slice(0, 1);
  return succeed(ports, ports);
}

function stop(config: Readonly<Record<string, Json>>): Act {
  const status = config['status'] === 'failed' ? 'failed' : 'succeeded';
  return { ...succeed({ status, message: config['message'] ?? null }, []), end: status };
}

function callFarEnd(
  node: FlowNode,
  config: Readonly<Record<string, Json>>,
  { key, call }: { readonly key: string; readonly call: number },
): Act {
  const plan = parsePlan((config['url'] as string).split('/').at(-1) ?? '');
  const fault = faultOf(plan, key, call);
  if (fault === '400') return fail('invalid', 'http_status', false);
  if (fault === '503') return fail('transient', 'http_status', true);
  if (fault === 'reset') return fail('transient', 'connection_reset', true);
  const query = config['query'] as Readonly<Record<string, Json>>;
  const body = config['body'] as Readonly<Record<string, Json>> | undefined;
  const given = config['method'] === 'GET' ? query['v'] : body?.['v'];
  return succeed({ status: 200, body: { node: node.id, key, value: answerTo(node.id, given) } });
}

function fail(kind: string, code: string, isRetryable: boolean): Act {
  return { did: 'fail', error: { kind, code }, isRetryable };
}
