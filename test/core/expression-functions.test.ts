import { describe, expect, it } from 'vitest';

import { checkExpression, evaluateExpression } from '#core/expression.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import { FUNCTION_HELP } from '#core/expression/functions/function-help.ts';
import { HELPERS } from '#core/expression/functions/helpers.ts';
import type { Json } from '#core/json.ts';

function evaluate(source: string, context: Partial<ExpressionContext> = {}): Promise<Json | undefined> {
  return evaluateExpression(source, { trigger: null, steps: {}, ...context });
}

describe('the list of functions', () => {
  it('has each function once, ours among them', () => {
    const names = FUNCTION_HELP.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const ours = FUNCTION_HELP.filter(({ isOurs }) => isOurs).map(({ name }) => name);
    expect(ours.sort()).toEqual([...Object.keys(HELPERS), 'uuid'].sort());
  });

  it.each(FUNCTION_HELP.map((help) => [help.name, help] as const))(
    '$%s does what its help says',
    async (name, { parameters, help, example, result }) => {
      expect(parameters).toMatch(/^\(.*\)$/);
      expect(help).toMatch(/^[A-Z].*[^.]$/);
      expect(example).toContain(`$${name}(`);
      expect(checkExpression(example)).toBeNull();
      if (result === undefined) return;
      expect(JSON.parse(JSON.stringify(await evaluate(example)))).toEqual(result);
    },
  );

  it('gives nothing for nothing', async () => {
    for (const name of Object.keys(HELPERS).filter((name) => !/unique|By|chunk|difference|inter/.test(name)))
      expect(await evaluate(`$${name}(trigger.missing, trigger.missing)`), name).toBeUndefined();
    for (const call of ['$unique(trigger.no)', '$chunk(trigger.no, 2)', '$difference(trigger.no, [1])'])
      expect(await evaluate(call), call).toEqual([]);
  });
});

describe('dates', () => {
  it.each<[string, Json]>([
    ['$parseDate("2026-01-15")', '2026-01-15T00:00:00.000Z'],
    ['$parseDate("2026-01-15T09:30:00+02:00")', '2026-01-15T07:30:00.000Z'],
    ['$parseDate("2026-07-15 09:30", $x, "Europe/Zurich")', '2026-07-15T07:30:00.000Z'],
    ['$parseDate(0)', '1970-01-01T00:00:00.000Z'],
    ['$parseDate("3 Feb 26 1:05 pm", "d MMM yy h:mm a")', '2026-02-03T13:05:00.000Z'],
    ['$parseDate("12:00 AM", "hh:mm a")', '1970-01-01T00:00:00.000Z'],
    ['$parseDate("20260115T093000+0100", "yyyyMMdd\'T\'HHmmssxx")', '2026-01-15T08:30:00.000Z'],
    ['$formatDate("2026-01-15T22:30:00Z", "yyyy-MM-dd", "Asia/Tokyo")', '2026-01-16'],
    ['$formatDate("2026-01-05T03:04:05.006Z", "d.M.yy H:m:s.SSS h a xx")', '5.1.26 3:4:5.006 3 AM +0000'],
    ['$formatDate("2026-07-01T00:00:00Z", $x, "Asia/Kolkata")', '2026-07-01T05:30:00.000+05:30'],
    ['$formatDate("2026-07-01T00:00:00Z", "\'o\'\'clock\'")', "o'clock"],
    // Clocks go forward on 29 March 2026 and back on 25 October 2026, both at 01:00 UTC.
    ['$addTime("2026-03-28T11:00:00Z", 1, "day", "Europe/Zurich")', '2026-03-29T10:00:00.000Z'],
    ['$addTime("2026-03-28T11:00:00Z", 24, "hours", "Europe/Zurich")', '2026-03-29T11:00:00.000Z'],
    ['$parseDate("2026-03-29T02:30:00", $x, "Europe/Zurich")', '2026-03-29T01:30:00.000Z'],
    ['$parseDate("2026-10-25T02:30:00", $x, "Europe/Zurich")', '2026-10-25T00:30:00.000Z'],
    ['$addTime("2024-02-29", 1, "year")', '2025-02-28T00:00:00.000Z'],
    ['$addTime("2026-01-31", -2, "months")', '2025-11-30T00:00:00.000Z'],
    ['$addTime("2026-01-15", 2, "weeks")', '2026-01-29T00:00:00.000Z'],
    ['$diffTime("2026-01-31", "2026-02-28", "months")', 1],
    ['$diffTime("2026-03-01", "2026-01-15", "months")', -1],
    ['$diffTime("2024-02-29", "2026-02-27", "years")', 1],
    ['$diffTime("2026-01-01T00:00:00Z", "2026-01-01T00:01:59Z", "minutes")', 1],
    ['$diffTime("2026-03-28T12:00:00Z", "2026-03-29T11:00:00Z", "days", "Europe/Zurich")', 1],
    ['$startOf("2026-01-18T10:00:00Z", "week")', '2026-01-12T00:00:00.000Z'],
    ['$startOf("2026-05-18T10:00:00Z", "quarter")', '2026-04-01T00:00:00.000Z'],
    ['$startOf("2026-01-15T23:30:00Z", "day", "Europe/Zurich")', '2026-01-15T23:00:00.000Z'],
    ['$startOf("2026-01-15T10:45:31Z", "hour")', '2026-01-15T10:00:00.000Z'],
  ])('%s', async (source, result) => {
    expect(await evaluate(source)).toEqual(result);
  });

  it('goes there and back in every zone and season', async () => {
    for (const zone of ['UTC', 'Europe/Zurich', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'])
      for (let day = 0; day < 366; day += 7) {
        const at = new Date(Date.UTC(2026, 0, 1 + day, 12, 34, 56, 789)).toISOString();
        const source = `$parseDate($formatDate("${at}", "yyyy-MM-dd HH:mm:ss.SSS XXX", "${zone}"), "yyyy-MM-dd HH:mm:ss.SSS XXX")`;
        expect(await evaluate(source)).toBe(at);
      }
  });

  it.each([
    ['$parseDate("2026-02-30")', 'not "2026-02-30"'],
    ['$parseDate("15/01/2026", "dd.MM.yyyy")', '"15/01/2026" is not a date written as "dd.MM.yyyy"'],
    ['$parseDate("13:00 pm", "hh:mm a")', 'is not a date written as'],
    ['$formatDate("soon")', '$formatDate takes a date such as'],
    ['$formatDate(0, "YYYY")', '"Y" means nothing in a date pattern'],
    ['$formatDate(0, "yyyy", "Mars/Olympus")', '"Mars/Olympus" is not a time zone'],
    ['$addTime("2026-01-15", 1.5, "days")', '$addTime adds a whole number of units, not 1.5'],
    ['$addTime("2026-01-15", 1, "fortnight")', 'knows the units millisecond, second'],
    ['$addTime("2026-01-15", 9007199254740991, "years")', 'too far away'],
  ])('%s says what is wrong', async (source, message) => {
    await expect(evaluate(source)).rejects.toThrow(message);
  });
});

describe('texts, lists and objects', () => {
  it.each<[string, Json]>([
    ['$slug("  Straße & Łódź — 10% ")', 'strasse-lodz-10'],
    ['$capitalize("éa")', 'Éa'],
    ['$truncate("ab", 5)', 'ab'],
    ['$truncate("abcdef", 5, "...")', 'ab...'],
    ['$truncate("😀😀😀", 2, "")', '😀😀'],
    ['$unique([{"a":1,"b":2},{"b":2,"a":1}])', [{ a: 1, b: 2 }]],
    ['$unique(["a","A","b"], $lowercase)', ['a', 'b']],
    ['$unique([1,2,3], function($n) { $n % 2 })', [1, 2]],
    ['$groupBy([1,2,3], function($n) { $n % 2 = 0 ? "even" : "odd" }).odd', [1, 3]],
    ['$groupBy([{"c":{"id":7}},{}], "c.id").`7`', [{ c: { id: 7 } }]],
    ['$keyBy([{"id":1,"n":1},{"id":1,"n":2}], "id").`1`.n', 2],
    ['$chunk("a", 3)', [['a']]],
    ['$difference([{"a":1},{"a":2}], [{"a":1}])', [{ a: 2 }]],
    ['$pick([{"a":1,"b":2}], "b")', [{ b: 2 }]],
    ['$string($parseJson("{\\"__proto__\\":{\\"x\\":1}}"))', '{"__proto__":{"x":1}}'],
  ])('%s', async (source, result) => {
    expect(JSON.parse(JSON.stringify(await evaluate(source)))).toEqual(result);
  });

  it.each([
    ['$parseJson("{")', 'is not JSON'],
    ['$parseJson(trigger.deep)', 'more than 200 levels'],
    ['$slug(7)', 'The text of $slug must be a text, not 7'],
    ['$slug($pad("a", 1000000) & "b")', 'more than 1000000 characters'],
    ['$chunk([1], 0)', 'whole number from 1'],
    ['$unique([1], 5)', 'the path of a field or a function'],
    ['$pick(1, "a")', '$pick takes an object, not 1'],
    ['$unique(trigger.endless, function($x) { ($f := function($y) { $f($y) }; $f($x)) })', 'endless'],
  ])('%s says what is wrong', async (source, message) => {
    const trigger = { deep: '['.repeat(300) + ']'.repeat(300), endless: [1] };
    await expect(evaluate(source, { trigger })).rejects.toThrow(message);
  });

  it('leaves the prototypes of JavaScript alone', async () => {
    const trigger = JSON.parse('[{"k":"__proto__","x":1},{"k":"constructor"}]') as Json;
    const groups = await evaluate('$groupBy(trigger, "k")', { trigger });
    expect(Object.keys(groups as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('$uuid', () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const steady = (seed: string) => ({ steady: { at: '2026-01-15T09:30:00.000Z', seed } });

  it('is the same on each attempt, and another for each call, field and run', async () => {
    const first = await evaluate('[$uuid(), $uuid()]', steady('run a'));
    expect(await evaluate('[$uuid(), $uuid()]', steady('run a'))).toEqual(first);
    const others = await evaluate('[$uuid(), $uuid()]', steady('run b'));
    const all = [...(first as string[]), ...(others as string[])];
    expect(new Set(all).size).toBe(4);
    for (const uuid of all) expect(uuid).toMatch(UUID);
  });

  it('does not repeat in twenty runs of a thousand calls', async () => {
    const seen = new Set<Json | undefined>();
    const context = { trigger: Array.from({ length: 1_000 }, (_, index) => index) };
    for (let run = 0; run < 20; run += 1)
      for (const uuid of (await evaluate('$map(trigger, function() { $uuid() })', {
        ...context,
        ...steady(`0190b5f4-6c8e-7b1a-9f00-${run} map `),
      })) as string[])
        seen.add(uuid);
    expect(seen.size).toBe(20_000);
  });

  it('is there without a run, too', async () => {
    const [one, other] = (await evaluate('[$uuid(), $uuid()]')) as string[];
    expect(one).toMatch(UUID);
    expect(one).not.toBe(other);
  });
});
