import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

import { clockSkewSeconds } from '#server/db/clock-watch.ts';
import { pool } from '#server/db/pool.ts';
import { selectLedgerState, type LedgerState } from '#server/sql/ledger-checks.ts';

const registry = new Registry();

const requestSeconds = new Histogram({
  name: 'patchbay_http_request_seconds',
  help: 'Time from a request to the end of its reply, server-sent events left out.',
  labelNames: ['part', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
  registers: [registry],
});

const runGauge = new Gauge({
  name: 'patchbay_runs_active',
  help: 'Runs that have not ended, by status.',
  labelNames: ['status'],
  registers: [],
  async collect() {
    const { rows } = await pool().query<{ status: string; runs: number }>(
      // By workspace, because that is how the index on status begins.
      `SELECT s.status, sum(found.runs)::int AS runs
         FROM unnest('{queued,running,waiting,in_doubt}'::run_status[]) AS s(status), workspace,
              LATERAL (SELECT count(*) AS runs FROM run
                        WHERE run.workspace_id = workspace.id AND run.status = s.status) AS found
        GROUP BY s.status`,
    );
    for (const row of rows) this.set({ status: row.status }, row.runs);
  },
});

const deadLetterGauge = new Gauge({
  name: 'patchbay_dead_letters_open',
  help: 'Failed runs that nobody has redriven or discarded.',
  registers: [],
  async collect() {
    const { rows } = await pool().query<{ open: number }>(
      'SELECT count(*)::int AS open FROM dead_letter WHERE redriven_at IS NULL AND discarded_at IS NULL',
    );
    this.set(rows[0]?.open ?? 0);
  },
});

const clockGauge = new Gauge({
  name: 'patchbay_clock_skew_seconds',
  help: "How far this machine's clock is ahead of the database's.",
  registers: [],
  collect() {
    this.set(clockSkewSeconds());
  },
});

/** Of the latest looks at the ledgers, whichever process looked. */
const ledgerGauges = [
  ledgerGauge('drift', 'Accepted events that are not accounted for; anything but 0 is a fault.'),
  ledgerGauge('faults', 'Rows that must not be, such as runs that nothing will wake.'),
  ledgerGauge('age_seconds', 'Time since the ledger of every workspace was last checked.'),
];

function ledgerGauge(name: keyof LedgerState, help: string): Gauge {
  return new Gauge({
    name: `patchbay_ledger_${name}`,
    help,
    registers: [],
    async collect() {
      this.set((await selectLedgerState(pool()))[name]);
    },
  });
}

const breakerGauge = new Gauge({
  name: 'patchbay_breakers_open',
  help: 'Far ends that calls are held back from because they failed or asked to wait.',
  labelNames: ['reason'],
  registers: [],
  async collect() {
    const { rows } = await pool().query<{ reason: string; count: number }>(
      `SELECT r.reason, count(b.id)::int AS count FROM unnest('{failures,throttled}'::text[]) AS r(reason)
         LEFT JOIN breaker b ON b.reason = r.reason AND (b.state <> 'closed' OR b.paused_until > now())
        GROUP BY r.reason`,
    );
    for (const row of rows) this.set({ reason: row.reason }, row.count);
  },
});

const connectionGauge = new Gauge({
  name: 'patchbay_connections',
  help: 'Connections by what they need: nothing (ok), a first consent (pending), another one (reconnect), or a provider that renews them (unrenewed).',
  labelNames: ['state'],
  registers: [],
  async collect() {
    const { rows } = await pool().query<{ state: string; count: number }>(
      `SELECT s.state, count(c.id)::int AS count FROM unnest('{ok,pending,reconnect,unrenewed}'::text[]) AS s(state)
         LEFT JOIN connection c
           ON s.state = CASE WHEN c.status = 'ok' AND c.refresh_fails > 0 THEN 'unrenewed' ELSE c.status::text END
        GROUP BY s.state`,
    );
    for (const row of rows) this.set({ state: row.state }, row.count);
  },
});

const parkedGauge = new Gauge({
  name: 'patchbay_steps_parked',
  help: 'Steps that wait for a connection.',
  registers: [],
  async collect() {
    const { rows } = await pool().query<{ count: number }>(
      `SELECT count(*)::int AS count FROM step WHERE waiting_for = 'connection'`,
    );
    this.set(rows[0]?.count ?? 0);
  },
});

/** Which part of the web process answered. */
export type Part = 'hooks' | 'api' | 'pages' | 'assets' | 'probes';

export function observeRequest(part: Part, status: number, seconds: number): void {
  requestSeconds.observe({ part, status: `${Math.floor(status / 100)}xx` }, seconds);
}

/** Starts measuring the process (memory, event loop, garbage collection) and what the database knows. */
export function startMetrics(): void {
  registry.registerMetric(runGauge);
  registry.registerMetric(deadLetterGauge);
  registry.registerMetric(clockGauge);
  registry.registerMetric(breakerGauge);
  registry.registerMetric(connectionGauge);
  registry.registerMetric(parkedGauge);
  for (const gauge of ledgerGauges) registry.registerMetric(gauge);
  collectDefaultMetrics({ register: registry, prefix: 'patchbay_' });
}

/** Everything measured, in Prometheus's text format; the database is asked for what only it knows. */
export async function readMetrics(): Promise<{ contentType: string; text: string }> {
  return { contentType: registry.contentType, text: await registry.metrics() };
}
