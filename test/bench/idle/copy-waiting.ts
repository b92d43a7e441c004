import type pg from 'pg';

/** What a copy has of its own, by table; the rest is as the product wrote it. `id` is the run's. */
const OWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  event: { id: 'fresh.event_id' },
  run: { id: 'fresh.id', event_id: 'fresh.event_id', wake_at: 'fresh.due_at' },
  step: {
    run_id: 'fresh.id',
    next_attempt_at: 'case when old.next_attempt_at is not null then fresh.due_at end',
  },
  attempt: { run_id: 'fresh.id' },
};

/** How a table's rows belong to the run that is copied. */
const OF_RUN: Readonly<Record<string, string>> = {
  event: 'old.id = fresh.old_event_id',
  run: 'old.id = fresh.old_id',
  step: 'old.run_id = fresh.old_id',
  attempt: 'old.run_id = fresh.old_id',
};

/**
 * Copies runs that wait for a time, those there are in turn, until so many have been made, with their events, steps and attempts. They
 * fall due within as long again as `dueInSeconds` from then on. Resolves to their ids.
 */
export async function copyWaiting(
  db: pg.Client,
  { count, dueInSeconds }: { readonly count: number; readonly dueInSeconds: number },
): Promise<ReadonlySet<string>> {
  await db.query('drop table if exists fresh');
  await db.query(
    `create temp table fresh as
     with old as (
       select id, event_id, row_number() over (order by id) - 1 as place, count(*) over () as all_of_them
       from run where status = 'waiting' order by id limit 1000)
     select uuidv7() as id, uuidv7() as event_id, old.id as old_id, old.event_id as old_event_id,
       now() + (1 + random()) * $2::float8 * interval '1 second' as due_at
     from generate_series(0, $1::int - 1) n join old on old.place = n % old.all_of_them`,
    [count, dueInSeconds],
  );
  await db.query('analyze fresh');
  for (const table of Object.keys(OWN)) await copyRows(db, table);
  const { rows } = await db.query<{ id: string }>('select id from fresh');
  return new Set(rows.map(({ id }) => id));
}

async function copyRows(db: pg.Client, table: string): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [`"${table}"`],
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => OWN[table]?.[name] ?? `old."${name}"`);
  await db.query(
    `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')})
     select ${values.join(', ')} from fresh join "${table}" old on ${OF_RUN[table]}`,
  );
}
