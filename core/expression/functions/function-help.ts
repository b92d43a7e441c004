import type { Json } from '../../json.ts';

/** What people are told of a function that expressions can call. */
export interface FunctionHelp {
  /** Without the dollar. */
  readonly name: string;
  /** As it is called, `(text, start, length?)`. */
  readonly parameters: string;
  /** One line, without a full stop. */
  readonly help: string;
  readonly example: string;
  /** What the example gives; undefined where that is another value each time, or an error. */
  readonly result?: Json;
  readonly group: 'Text' | 'Numbers' | 'Lists' | 'Objects' | 'Dates' | 'Values';
  /** True for Patchbay's own; the others are JSONata's. */
  readonly isOurs: boolean;
}

type Row = readonly [name: string, parameters: string, help: string, example: string, result?: Json];

const TEXT: readonly Row[] = [
  ['length', '(text)', 'Number of letters', '$length("Ada")', 3],
  ['substring', '(text, start, length?)', 'Part of a text', '$substring("Lovelace", 0, 4)', 'Love'],
  [
    'substringBefore',
    '(text, chars)',
    'What comes before',
    '$substringBefore("ada@example.com", "@")',
    'ada',
  ],
  [
    'substringAfter',
    '(text, chars)',
    'What comes after',
    '$substringAfter("ada@example.com", "@")',
    'example.com',
  ],
  ['uppercase', '(text)', 'In capitals', '$uppercase("ada")', 'ADA'],
  ['lowercase', '(text)', 'In small letters', '$lowercase("ADA")', 'ada'],
  ['trim', '(text)', 'Without spaces around, and single spaces within', '$trim("  a   b ")', 'a b'],
  ['contains', '(text, pattern)', 'True when found', '$contains("A-1042", /\\d+/)', true],
  ['split', '(text, separator, limit?)', 'A list of parts', '$split("a,b,c", ",")', ['a', 'b', 'c']],
  ['join', '(list, separator?)', 'One text of many', '$join(["a", "b"], ", ")', 'a, b'],
  [
    'replace',
    '(text, pattern, replacement, limit?)',
    'Replaces what is found',
    '$replace("2026/01/15", "/", "-")',
    '2026-01-15',
  ],
  [
    'match',
    '(text, pattern, limit?)',
    'What a regular expression finds',
    '$match("A-10", /[0-9]+/)',
    { match: '10', index: 2, groups: [] },
  ],
  [
    'pad',
    '(text, width, char?)',
    'Filled up to a width; a negative width fills at the front',
    '$pad("7", -3, "0")',
    '007',
  ],
  ['base64encode', '(text)', 'As Base64', '$base64encode("Ada")', 'QWRh'],
  ['base64decode', '(text)', 'From Base64', '$base64decode("QWRh")', 'Ada'],
  [
    'encodeUrl',
    '(text)',
    'A whole URL, made safe',
    '$encodeUrl("https://a.example/ü")',
    'https://a.example/%C3%BC',
  ],
  ['encodeUrlComponent', '(text)', 'Safe within a URL', '$encodeUrlComponent("a&b")', 'a%26b'],
  [
    'decodeUrl',
    '(text)',
    'A whole URL in plain letters',
    '$decodeUrl("https://a.example/%C3%BC")',
    'https://a.example/ü',
  ],
  ['decodeUrlComponent', '(text)', 'Plain letters again', '$decodeUrlComponent("a%26b")', 'a&b'],
];

const OUR_TEXT: readonly Row[] = [
  [
    'slug',
    '(text)',
    'Small letters, digits and hyphens, for URLs and names',
    '$slug("Été à Zürich!")',
    'ete-a-zurich',
  ],
  ['capitalize', '(text)', 'With a capital first letter', '$capitalize("ada")', 'Ada'],
  [
    'truncate',
    '(text, length, ending?)',
    'Cut to a length, the ending included',
    '$truncate("Lovelace", 5)',
    'Love…',
  ],
  ['parseJson', '(text)', 'The value that a JSON text holds', '$parseJson("{\\"a\\":[1,2]}").a[1]', 2],
  ['escapeHtml', '(text)', 'Safe within HTML', '$escapeHtml("a < b")', 'a &lt; b'],
];

const NUMBERS: readonly Row[] = [
  ['number', '(value)', 'A text as a number', '$number("12.5")', 12.5],
  ['abs', '(number)', 'Without sign', '$abs(-5)', 5],
  ['floor', '(number)', 'Rounded down', '$floor(2.7)', 2],
  ['ceil', '(number)', 'Rounded up', '$ceil(2.1)', 3],
  ['round', '(number, digits?)', 'Rounded, halves to the even number', '$round(12.345, 1)', 12.3],
  ['power', '(base, exponent)', 'Raised to a power', '$power(2, 8)', 256],
  ['sqrt', '(number)', 'Square root', '$sqrt(9)', 3],
  ['sum', '(numbers)', 'Sum', '$sum([1, 2, 3])', 6],
  ['average', '(numbers)', 'Mean', '$average([1, 2, 3])', 2],
  ['min', '(numbers)', 'Smallest', '$min([3, 1, 2])', 1],
  ['max', '(numbers)', 'Largest', '$max([3, 1, 2])', 3],
  [
    'formatNumber',
    '(number, picture, options?)',
    'As text by a picture',
    '$formatNumber(1234.5, "#,##0.00")',
    '1,234.50',
  ],
  ['formatBase', '(number, base)', 'In another base', '$formatBase(255, 16)', 'ff'],
  [
    'formatInteger',
    '(number, picture)',
    'A whole number in words, Roman digits …',
    '$formatInteger(12, "w")',
    'twelve',
  ],
  [
    'parseInteger',
    '(text, picture)',
    'The number that such a text stands for',
    '$parseInteger("twelve", "w")',
    12,
  ],
  ['random', '()', 'From 0 to below 1; the same on each attempt of a step', '$random()'],
];

const LISTS: readonly Row[] = [
  ['count', '(list)', 'Number of items', '$count(["a", "b"])', 2],
  ['append', '(list, list)', 'Two lists as one', '$append([1], [2, 3])', [1, 2, 3]],
  ['sort', '(list, function?)', 'In order', '$sort([3, 1, 2])', [1, 2, 3]],
  ['reverse', '(list)', 'Backwards', '$reverse([1, 2, 3])', [3, 2, 1]],
  ['distinct', '(list)', 'Without doubles', '$distinct([1, 2, 1])', [1, 2]],
  ['shuffle', '(list)', 'In an order by chance; the same on each attempt of a step', '$shuffle([1, 2, 3])'],
  [
    'zip',
    '(list, list, …)',
    'The first of each, the second of each …',
    '$zip([1, 2], ["a", "b"])',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  ['map', '(list, function)', 'Each item changed', '$map([1, 2], function($n) { $n * 10 })', [10, 20]],
  [
    'filter',
    '(list, function)',
    'Items for which it is true',
    '$filter([1, 2, 3], function($n) { $n > 1 })',
    [2, 3],
  ],
  [
    'single',
    '(list, function)',
    'The one item for which it is true',
    '$single([1, 2], function($n) { $n > 1 })',
    2,
  ],
  [
    'reduce',
    '(list, function, start?)',
    'Folded into one value',
    '$reduce([1, 2, 3], function($a, $b) { $a * $b })',
    6,
  ],
];

const OUR_LISTS: readonly Row[] = [
  [
    'unique',
    '(list, key?)',
    'The first item for each key; a key is a path or a function',
    '$unique([{"id": 1, "n": 1}, {"id": 1, "n": 2}], "id")',
    [{ id: 1, n: 1 }],
  ],
  [
    'groupBy',
    '(list, key)',
    'An object with a list for each key',
    '$groupBy([{"c": "a"}, {"c": "b"}, {"c": "a"}], "c")',
    { a: [{ c: 'a' }, { c: 'a' }], b: [{ c: 'b' }] },
  ],
  [
    'keyBy',
    '(list, key)',
    'An object with the last item for each key',
    '$keyBy([{"id": "x"}, {"id": "y"}], "id")',
    { x: { id: 'x' }, y: { id: 'y' } },
  ],
  ['chunk', '(list, size)', 'Lists of that many items', '$chunk([1, 2, 3], 2)', [[1, 2], [3]]],
  ['difference', '(list, other)', 'Items that the other list lacks', '$difference([1, 2, 3], [2])', [1, 3]],
  [
    'intersection',
    '(list, other)',
    'Items that the other list has, too',
    '$intersection([1, 2, 3], [2, 3])',
    [2, 3],
  ],
];

const OBJECTS: readonly Row[] = [
  ['keys', '(object)', 'Its keys', '$keys({"a": 1, "b": 2})', ['a', 'b']],
  ['lookup', '(object, key)', 'The value under a key', '$lookup({"a": 1}, "a")', 1],
  ['merge', '(objects)', 'Objects as one', '$merge([{"a": 1}, {"b": 2}])', { a: 1, b: 2 }],
  [
    'spread',
    '(object)',
    'A list of objects with one key each',
    '$spread({"a": 1, "b": 2})',
    [{ a: 1 }, { b: 2 }],
  ],
  [
    'each',
    '(object, function)',
    'A list made of its values and keys',
    '$each({"a": 1, "b": 2}, function($v, $k) { $k & $v })',
    ['a1', 'b2'],
  ],
  [
    'sift',
    '(object, function)',
    'The fields for which it is true',
    '$sift({"a": 1, "b": 2}, function($v) { $v > 1 })',
    { b: 2 },
  ],
];

const OUR_OBJECTS: readonly Row[] = [
  [
    'pick',
    '(object, names)',
    'With these fields alone; of a list, each object',
    '$pick({"a": 1, "b": 2}, ["a"])',
    { a: 1 },
  ],
  [
    'omit',
    '(object, names)',
    'Without these fields; of a list, each object',
    '$omit({"a": 1, "b": 2}, ["a"])',
    { b: 2 },
  ],
];

const DATES: readonly Row[] = [
  ['now', '(picture?, timezone?)', 'When the run began, as text; the same on each attempt', '$now()'],
  ['millis', '()', 'When the run began, in milliseconds since 1970', '$millis()'],
  [
    'fromMillis',
    '(number, picture?, timezone?)',
    'A time as text',
    '$fromMillis(0, "[Y0001]-[M01]-[D01]")',
    '1970-01-01',
  ],
  ['toMillis', '(text, picture?)', 'A time as a number', '$toMillis("1970-01-01T00:00:01Z")', 1000],
];

const OUR_DATES: readonly Row[] = [
  [
    'parseDate',
    '(text, pattern?, zone?)',
    'A date as ISO text in UTC, read by a pattern and in a time zone',
    '$parseDate("15.01.2026 09:30", "dd.MM.yyyy HH:mm", "Europe/Zurich")',
    '2026-01-15T08:30:00.000Z',
  ],
  [
    'formatDate',
    '(date, pattern?, zone?)',
    'A date as text, by a pattern and in a time zone',
    '$formatDate("2026-01-15T08:30:00Z", "EEE d MMM yyyy, HH:mm", "Europe/Zurich")',
    'Thu 15 Jan 2026, 09:30',
  ],
  [
    'addTime',
    '(date, amount, unit, zone?)',
    'Later, or earlier, by units from milliseconds to years',
    '$addTime("2026-01-31T12:00:00Z", 1, "month")',
    '2026-02-28T12:00:00.000Z',
  ],
  [
    'diffTime',
    '(from, to, unit, zone?)',
    'Whole units between two dates',
    '$diffTime("2026-01-01", "2026-01-15", "days")',
    14,
  ],
  [
    'startOf',
    '(date, unit, zone?)',
    'The start of its day, week (Monday), month, year …',
    '$startOf("2026-01-15T08:30:00Z", "month")',
    '2026-01-01T00:00:00.000Z',
  ],
];

const VALUES: readonly Row[] = [
  [
    'string',
    '(value, prettify?)',
    'The value as text; JSON for lists and objects',
    '$string({"a": 1})',
    '{"a":1}',
  ],
  ['boolean', '(value)', 'True unless empty, 0 or null', '$boolean("")', false],
  ['not', '(value)', 'The opposite', '$not(true)', false],
  ['exists', '(value)', 'True unless missing', '$exists(nothing)', false],
  ['type', '(value)', 'The name of its type', '$type([1])', 'array'],
  ['clone', '(value)', 'A copy', '$clone({"a": 1})', { a: 1 }],
  ['assert', '(condition, message?)', 'Fails the step unless true', '$assert(1 > 2, "Too small")'],
  ['error', '(message?)', 'Fails the step', '$error("No customer")'],
];

const OUR_VALUES: readonly Row[] = [
  ['uuid', '()', 'A UUID, the same on each attempt of a step; no secret', '$uuid()'],
];

/** Every function that expressions can call: what the engine accepts, the editor completes and the reference page lists. */
export const FUNCTION_HELP: readonly FunctionHelp[] = [
  ...rows('Text', TEXT, OUR_TEXT),
  ...rows('Numbers', NUMBERS, []),
  ...rows('Lists', LISTS, OUR_LISTS),
  ...rows('Objects', OBJECTS, OUR_OBJECTS),
  ...rows('Dates', DATES, OUR_DATES),
  ...rows('Values', VALUES, OUR_VALUES),
];

function rows(group: FunctionHelp['group'], theirs: readonly Row[], ours: readonly Row[]): FunctionHelp[] {
  const helpOf =
    (isOurs: boolean) =>
    ([name, parameters, help, example, result]: Row): FunctionHelp => ({
      name,
      parameters,
      help,
      example,
      ...(result !== undefined && { result }),
      group,
      isOurs,
    });
  return [...theirs.map(helpOf(false)), ...ours.map(helpOf(true))];
}
