export const BENCH_FLOW = 'bench-canvas';

const COLUMNS = 20;

/** A webhook and steps in rows of 20: of every five a decision with two ways, a mapping of four fields, and calls with expressions. */
export function benchFlow(count: number): Record<string, unknown> {
  const numbers = Array.from({ length: count - 1 }, (_, index) => index + 1);
  return {
    format: 1,
    name: `Canvas of ${count} nodes`,
    slug: BENCH_FLOW,
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        version: 1,
        label: 'New order',
        position: { x: 0, y: 0 },
        config: { verify: { scheme: 'none' } },
      },
      ...numbers.map(stepOf),
    ],
    edges: numbers.flatMap(edgesTo),
  };
}

function stepOf(number: number): Record<string, unknown> {
  const place = {
    id: idOf(number),
    version: 1,
    label: `Step ${number}`,
    position: { x: (number % COLUMNS) * 320, y: Math.floor(number / COLUMNS) * 160 },
  };
  const kind = number % 5;
  if (kind === 1) return { ...place, type: 'core.map', config: { output: mapping(number) } };
  if (kind === 2)
    return { ...place, type: 'core.if', config: { condition: { $expr: 'trigger.body.total > 100' } } };
  return {
    ...place,
    type: 'http.request',
    config: {
      method: 'POST',
      url: `https://api.example.com/orders/${number}`,
      body: { number: { $expr: 'trigger.body.number' }, title: { $tpl: 'Order {{ trigger.body.number }}' } },
    },
  };
}

function mapping(number: number): Record<string, unknown> {
  return {
    id: { $expr: 'trigger.body.id' },
    title: { $tpl: `Order {{ trigger.body.number }} of ${number}` },
    customer: { $expr: 'trigger.body.customer.email' },
    total: { $expr: 'trigger.body.total' },
  };
}

/** A decision leads to the next step and to the one after it; every row begins at the webhook. */
function edgesTo(number: number): Record<string, unknown>[] {
  const before = number % COLUMNS === 0 ? 0 : number - 1;
  const isAfterDecision = before % 5 === 2 && before > 0;
  const edges = [{ from: idOf(before), ...(isAfterDecision && { port: 'true' }), to: idOf(number) }];
  const isSecondWay = number % 5 === 4 && Math.floor((number - 2) / COLUMNS) === Math.floor(number / COLUMNS);
  if (isSecondWay) edges.push({ from: idOf(number - 2), port: 'false', to: idOf(number) });
  return edges;
}

function idOf(number: number): string {
  return number === 0 ? 'hook' : `s${number}`;
}
