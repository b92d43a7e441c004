/** One line of a metric family. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface MetricFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly samples: readonly Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]?Inf)$/;

/**
 * Reads Prometheus's text format 0.0.4 as strictly as it is written: each family has its HELP and TYPE before its samples, once,
 * in one place; names, labels and numbers are well-formed; no sample stands twice; the buckets of histograms rise and end with
 * their count. Throws for anything else, with the line.
 */
export function parseExposition(text: string): ReadonlyMap<string, MetricFamily> {
  if (!text.endsWith('\n')) throw new Error('The text does not end with a line feed.');
  const families = new Map<string, { name: string; type: MetricFamily['type']; samples: Sample[] }>();
  let helped = '';
  let current: { name: string; type: MetricFamily['type']; samples: Sample[] } | undefined;
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const help = new RegExp(`^# HELP (${NAME}) (.+)$`).exec(line);
    const type = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary)$`).exec(line);
    if (help) {
      helped = help[1]!;
      if (families.has(helped)) fail('A family stands twice');
    } else if (type) {
      if (type[1] !== helped) fail('A type without its help');
      current = { name: helped, type: type[2] as MetricFamily['type'], samples: [] };
      families.set(helped, current);
    } else if (line.startsWith('#')) fail('An unknown comment');
    else {
      const sample = readSample(line, fail);
      if (!current || !belongs(sample.name, current)) return fail('A sample outside its family');
      const id = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(id)) fail('A sample stands twice');
      seen.add(id);
      current.samples.push(sample);
    }
  }
  for (const family of families.values()) if (family.type === 'histogram') checkBuckets(family);
  return families;
}

function readSample(line: string, fail: (why: string) => never): Sample {
  const [, name, labelText = '', number] = SAMPLE.exec(line) ?? fail('No sample');
  if (!NUMBER.test(number!)) fail('No number');
  const labels: Record<string, string> = {};
  for (let rest = labelText; rest !== '';) {
    const [whole, label, value] = LABEL.exec(rest) ?? fail('A malformed label');
    if (label! in labels) fail('A label stands twice');
    labels[label!] = value!;
    rest = rest.slice(whole.length);
  }
  return { name: name!, labels, value: Number(number!.replace('Inf', 'Infinity')) };
}

function belongs(name: string, family: { name: string; type: string }): boolean {
  if (family.type === 'histogram')
    return ['_bucket', '_sum', '_count'].some((suffix) => name === family.name + suffix);
  if (family.type === 'summary')
    return name === family.name || ['_sum', '_count'].some((suffix) => name === family.name + suffix);
  return name === family.name;
}

function checkBuckets({ name, samples }: MetricFamily): void {
  const series = new Map<string, { bounds: number[]; counts: number[]; count?: number }>();
  for (const { name: part, labels, value } of samples) {
    const { le, ...own } = labels;
    const id = JSON.stringify(own);
    const one = series.get(id) ?? { bounds: [], counts: [] };
    series.set(id, one);
    if (part === `${name}_count`) one.count = value;
    if (part !== `${name}_bucket`) continue;
    if (le === undefined) throw new Error(`A bucket of ${name} has no bound.`);
    one.bounds.push(Number(le.replace('Inf', 'Infinity')));
    one.counts.push(value);
  }
  for (const { bounds, counts, count } of series.values()) {
    const rises = (list: readonly number[]) => list.every((value, i) => i === 0 || value >= list[i - 1]!);
    if (bounds.at(-1) !== Infinity || !rises(bounds) || !rises(counts) || counts.at(-1) !== count)
      throw new Error(`The buckets of ${name} do not add up.`);
  }
}

/** The value of one sample: `patchbay_runs_ended_total`, `{ status: 'failed' }`. Undefined when it is not there. */
export function sampleOf(
  families: ReadonlyMap<string, MetricFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  for (const family of families.values())
    for (const sample of family.samples)
      if (
        sample.name === name &&
        Object.entries(labels).every(([key, value]) => sample.labels[key] === value)
      )
        return sample.value;
  return undefined;
}
