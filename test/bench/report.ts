import { cpus, totalmem } from 'node:os';

import type { FarEnd } from './far-end.ts';
import type { Sent } from './load.ts';

/** One scenario's figures: rates per second, times in milliseconds. */
export interface Report {
  readonly scenario: string;
  readonly accepted: number;
  readonly refused: number;
  readonly delivered: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly acceptedPerSecond: number;
  /** Delivered events over the time from the first send to the last arrival. */
  readonly deliveredPerSecond: number;
  readonly acceptMs: Percentiles;
  /** From send to arrival at the far end. */
  readonly arrivalMs: Percentiles;
  readonly machine: Machine;
}

export interface Machine {
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly node: string;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function makeReport(scenario: string, sent: Sent, farEnd: FarEnd): Report {
  const starts = [...sent.sentAt.values()];
  const delays: number[] = [];
  let lastArrival = 0;
  let duplicated = 0;
  for (const [id, began] of sent.sentAt) {
    const times = farEnd.arrivals.get(id);
    const first = times?.[0];
    if (times === undefined || first === undefined) continue;
    delays.push(first - began);
    duplicated += times.length - 1;
    lastArrival = Math.max(lastArrival, first);
  }
  const firstSend = starts.reduce((a, b) => Math.min(a, b), Infinity);
  const lastSend = starts.reduce((a, b) => Math.max(a, b), 0);
  return {
    scenario,
    accepted: sent.sentAt.size,
    refused: sent.refused,
    delivered: delays.length,
    lost: sent.sentAt.size - delays.length,
    duplicated,
    acceptedPerSecond: rate(sent.sentAt.size, lastSend - firstSend),
    deliveredPerSecond: rate(delays.length, lastArrival - firstSend),
    acceptMs: percentiles(sent.acceptMs),
    arrivalMs: percentiles(delays),
    machine: describeMachine(),
  };
}

export function describeMachine(): Machine {
  return { cpus: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
}

function rate(count: number, milliseconds: number): number {
  return milliseconds > 0 ? Math.round((count / milliseconds) * 1000) : 0;
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return Math.round(value * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
