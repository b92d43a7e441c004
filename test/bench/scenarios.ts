import { startFarEnd } from './far-end.ts';
import { closedLoop, openLoop, type Sent } from './load.ts';
import { makeReport, type Report } from './report.ts';
import { SHAPES, type Shape, type System } from './systems/system.ts';

export interface Load {
  readonly seconds: number;
  readonly connections: number;
}

export interface Scenario {
  readonly name: string;
  readonly shape: Shape;
  readonly send: (url: string, load: Load) => Promise<Sent>;
  /** The figure that two products are compared by, and whether more is better. */
  readonly figure: 'deliveredPerSecond' | 'arrivalP99';
}

/** Many senders hold an open loop at its rate: it does not wait for replies. */
const OPEN_CONNECTIONS = 128;
/** A longer flow is one event's work many times over. */
const LONG_SECONDS = 10;

const closed: Scenario['send'] = (url, { seconds, connections }) => closedLoop({ url, connections }, seconds);
const open =
  (rate: number): Scenario['send'] =>
  (url, { seconds }) =>
    openLoop({ url, connections: OPEN_CONNECTIONS }, seconds, rate);
const long: Scenario['send'] = (url, { seconds, connections }) =>
  closedLoop({ url, connections }, Math.min(seconds, LONG_SECONDS));

export const SCENARIOS: readonly Scenario[] = [
  { name: 'closed', shape: 'call', send: closed, figure: 'deliveredPerSecond' },
  { name: 'open-200', shape: 'call', send: open(200), figure: 'arrivalP99' },
  { name: 'open-1000', shape: 'call', send: open(1_000), figure: 'arrivalP99' },
  { name: 'ten-steps', shape: 'ten-steps', send: long, figure: 'deliveredPerSecond' },
  { name: 'fan-out', shape: 'fan-out', send: long, figure: 'deliveredPerSecond' },
  { name: 'loop', shape: 'loop', send: long, figure: 'deliveredPerSecond' },
];

export interface Measured extends Report {
  readonly system: string;
  readonly stepsPerSecond: number;
  /** The time of one step where only steps are done, in milliseconds of the whole machine. */
  readonly msPerStep: number;
}

export const DELIVERY_MS = 120_000;
/** The compilers of long-lived processes take their time. */
const WARM_UP = { seconds: 15, connections: 32 } as const;

/** Sends events through a flow of the product and waits until all have arrived. */
export async function measure(system: System, scenario: Scenario, load: Load): Promise<Measured> {
  const farEnd = await startFarEnd();
  try {
    const url = await system.publish(scenario.shape, farEnd.url);
    const sent = await scenario.send(url, load);
    await farEnd.waitFor(sent.sentAt.size, DELIVERY_MS);
    const report = makeReport(scenario.name, sent, farEnd);
    const stepsPerSecond = report.deliveredPerSecond * SHAPES[scenario.shape].steps;
    const msPerStep = stepsPerSecond === 0 ? 0 : Math.round(1e5 / stepsPerSecond) / 100;
    return { system: system.name, ...report, stepsPerSecond, msPerStep };
  } finally {
    await farEnd.stop();
  }
}

/** Code is compiled and connections are open before anything is measured. */
export async function warmUp(system: System): Promise<void> {
  const farEnd = await startFarEnd();
  try {
    const sent = await closed(await system.publish('call', farEnd.url), WARM_UP);
    await farEnd.waitFor(sent.sentAt.size, DELIVERY_MS);
  } finally {
    await farEnd.stop();
  }
}
