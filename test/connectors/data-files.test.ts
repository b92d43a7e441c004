import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Json, JsonObject } from '#core/json.ts';
import { failureOf, outputOf } from './run-action.ts';

describe('data.parse_csv', () => {
  it.each<[string, JsonObject, Json]>([
    [
      'rows by the names of the first',
      { text: 'a,b\n1,2\n3,4\n' },
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    ['CRLF, a byte order mark and empty lines', { text: '\uFEFFa\r\n\r\n1\r\n' }, [{ a: '1' }]],
    [
      'quotes, with line breaks and quotes in them',
      { text: 'a,b\n"x\ny","say ""hi"""' },
      [{ a: 'x\ny', b: 'say "hi"' }],
    ],
    ['tabs', { text: 'a\tb\n1\t2', delimiter: 'tab' }, [{ a: '1', b: '2' }]],
    [
      'lists when there are no names',
      { text: '1;2\n3;4', delimiter: ';', header: 'none' },
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['given names', { text: '1,2', header: 'given', columns: ['x', 'y'] }, [{ x: '1', y: '2' }]],
    ['columns without a name', { text: 'a,,\n1,2,3' }, [{ a: '1', column_2: '2', column_3: '3' }]],
    ['spaces as they are', { text: 'a\n 1 ' }, [{ a: ' 1 ' }]],
    ['or trimmed', { text: 'a\n 1 ', trim: true }, [{ a: '1' }]],
    ['quotes that mean nothing', { text: 'a\n"1', quote: '' }, [{ a: '"1' }]],
    [
      'guessed values',
      { text: 'a,b,c,d,e,f\n12,-0.50,true,007,,12345678901234567890', values: 'guess' },
      [{ a: 12, b: -0.5, c: true, d: '007', e: null, f: '12345678901234567890' }],
    ],
    [
      'filled rows',
      { text: 'a,b\n1\n1,2,3', uneven: 'fill' },
      [
        { a: '1', b: '' },
        { a: '1', b: '2' },
      ],
    ],
    ['nothing', { text: '' }, []],
    ['a header alone', { text: 'a,b\n' }, []],
  ])('reads %s', async (_, settings, rows) => {
    expect(await outputOf('data.parse_csv', settings)).toEqual(rows);
  });

  it('makes plain fields of names that JavaScript uses', async () => {
    const rows = await outputOf('data.parse_csv', { text: '__proto__,constructor\nx,y' });
    expect(JSON.stringify(rows)).toBe('[{"__proto__":"x","constructor":"y"}]');
  });

  it.each<[string, JsonObject, string, string]>([
    [
      'a row that is too short',
      { text: 'a,b\n1,2\n3' },
      'csv_uneven_row',
      'Line 3 has 1 value where 2 are expected',
    ],
    ['an open quote', { text: 'a,b\n1,"2' }, 'csv_invalid', 'Line 2 opens a quote that is never closed'],
    ['text after a quote', { text: 'a\n"1"x' }, 'csv_invalid', 'Line 2 has text right after a closing quote'],
    [
      'a quote amid a value',
      { text: 'a\nx"1"' },
      'csv_invalid',
      'Line 2 has a quote in the middle of a value',
    ],
    ['a name twice', { text: 'a,a\n1,2' }, 'csv_column_twice', 'Two columns have the name "a"'],
    ['names that are not given', { text: '1', header: 'given' }, 'csv_columns_missing', 'are to be given'],
    [
      'too many columns',
      { text: Array.from({ length: 1_001 }, (_, at) => `c${at}`).join(',') },
      'csv_too_many_columns',
      'has 1001 columns',
    ],
    [
      'a row without end',
      { text: `a\n"${'x'.repeat(1_100_000)}` },
      'csv_invalid',
      'has a row that is too long',
    ],
    ['too many rows', { text: 'a\n1\n2\n3', maxRows: 2 }, 'csv_too_many_rows', 'this step takes 2'],
  ])('refuses %s', async (_, settings, code, message) => {
    const error = await failureOf('data.parse_csv', settings);
    expect(error).toMatchObject({ kind: 'invalid', code });
    expect(error.message).toContain(message);
  });
});

describe('data.build_csv', () => {
  const rows: readonly Json[] = [
    { id: 1, customer: { email: 'a@b.c' }, note: 'x, "y"' },
    { id: null, tags: ['a'], 'a.b': true },
  ];

  it.each<[string, JsonObject, string]>([
    [
      'all fields, as they come up',
      { rows },
      'id,customer,note,tags,a.b\n1,"{""email"":""a@b.c""}","x, ""y""",,\n,,,"[""a""]",true\n',
    ],
    ['chosen fields', { rows, columns: ['customer.email', 'a.b'] }, 'customer.email,a.b\na@b.c,\n,true\n'],
    [
      'no header, other marks',
      { rows: [{ a: 1, b: 2 }], header: false, delimiter: 'tab', lineEnding: 'crlf' },
      '1\t2\r\n',
    ],
    [
      'lists',
      {
        rows: [
          [1, 'x'],
          [2, null],
        ],
        header: false,
      },
      '1,x\n2,\n',
    ],
    ['a byte order mark and quotes', { rows: [{ a: 1 }], bom: true, quoteAll: true }, '\uFEFF"a"\n"1"\n'],
    ['formulas that do not run', { rows: [{ a: '=1+1' }], escapeFormulas: true }, "a\n'=1+1\n"],
    ['nothing', { rows: [] }, ''],
  ])('writes %s', async (_, settings, text) => {
    expect(await outputOf('data.build_csv', settings)).toBe(text);
  });

  it('names a row that is none', async () => {
    expect(await failureOf('data.build_csv', { rows: [{ a: 1 }, 'x'] })).toMatchObject({
      code: 'csv_bad_row',
      message: 'Row 2 is "x"; a row is an object or a list of values.',
    });
  });

  it('writes what can be read again', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ a: cell, b: cell, c: cell }), { minLength: 1 }),
        async (given) => {
          const text = await outputOf('data.build_csv', { rows: given, quoteAll: true });
          expect(await outputOf('data.parse_csv', { text })).toEqual(given);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('data.parse_xml', () => {
  it.each<[string, JsonObject, Json]>([
    ['elements and attributes', { text: '<o id="7"><c>Ada</c></o>' }, { o: { _id: '7', c: 'Ada' } }],
    ['repeated elements as a list', { text: '<o><i>1</i><i>2</i></o>' }, { o: { i: ['1', '2'] } }],
    [
      'named elements always as a list',
      { text: '<o><i>1</i><x/></o>', lists: ['i'] },
      { o: { i: ['1'], x: '' } },
    ],
    [
      'by their path, too',
      { text: '<o><a><i/></a><i/></o>', lists: ['o.a.i'] },
      { o: { a: { i: [''] }, i: '' } },
    ],
    ['text beside attributes', { text: '<o a="1"> x </o>' }, { o: { _a: '1', __text: 'x' } }],
    [
      'entities, once',
      { text: '<o a="&lt;&#65;">&amp;amp; &#x20AC;</o>' },
      { o: { _a: '<A', __text: '&amp; €' } },
    ],
    ['CDATA as it stands', { text: '<o>1<![CDATA[ <b>&amp; ]]></o>' }, { o: '1 <b>&amp;' }],
    [
      'guessed values',
      { text: '<o a="1.5"><b>007</b><c>true</c></o>', values: 'guess' },
      { o: { _a: 1.5, b: '007', c: true } },
    ],
    ['namespaces', { text: '<s:o xmlns:s="u"><s:b/></s:o>' }, { 's:o': { '_xmlns:s': 'u', 's:b': '' } }],
    ['or none', { text: '<s:o xmlns:s="u"><s:b/></s:o>', namespaces: 'drop' }, { o: { b: '' } }],
    [
      'a declaration, comments, a byte order mark',
      { text: '\uFEFF<?xml version="1.0"?><!-- x --><o/>' },
      { o: '' },
    ],
    [
      'other names',
      { text: '<o a="1">x</o>', attributePrefix: '@', textName: '$' },
      { o: { '@a': '1', $: 'x' } },
    ],
  ])('reads %s', async (_, settings, value) => {
    expect(await outputOf('data.parse_xml', settings)).toEqual(value);
  });

  const bomb = `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>`;

  it.each<[string, string, string, string]>([
    ['entities that grow', bomb, 'xml_doctype', 'document type'],
    ['entities behind a comment', `<!-- x --> ${bomb}`, 'xml_doctype', 'document type'],
    ['files of others', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'xml_doctype', 'document type'],
    ['unknown entities', '<a>&nbsp;</a>', 'xml_invalid', '"&nbsp;" stands for nothing'],
    ['characters that there are not', '<a>&#0;</a>', 'xml_invalid', '"&#0;" stands for nothing'],
    [
      'elements that are not closed',
      '<a>\n<b></a>',
      'xml_invalid',
      "Line 2, column 4: Expected closing tag 'b'",
    ],
    ['two roots', '<a/><b/>', 'xml_invalid', 'more than one root element'],
    ['text that is no XML', 'hello', 'xml_invalid', "Line 1, column 1: char 'h' is not expected"],
    ['nothing', '', 'xml_invalid', 'Start tag expected'],
    ['depth without end', '<a>'.repeat(500) + '</a>'.repeat(500), 'xml_invalid', 'more than 150 levels'],
    ['the name __proto__', '<a><__proto__/></a>', 'xml_invalid', '"__proto__" is not taken as the name'],
  ])('refuses %s', async (_, text, code, message) => {
    const error = await failureOf('data.parse_xml', { text });
    expect(error).toMatchObject({ kind: 'invalid', code, pointer: '/config/text' });
    expect(error.message).toContain(message);
  });

  it('reads a large text', async () => {
    const text = `<o>${'<i a="1">&lt;x</i>'.repeat(50_000)}</o>`;
    const { o } = (await outputOf('data.parse_xml', { text })) as { o: { i: readonly Json[] } };
    expect(o.i).toHaveLength(50_000);
  });
});

describe('data.build_xml', () => {
  const bare = { declaration: false };

  it.each<[string, JsonObject, string]>([
    [
      'attributes, elements and lists',
      { root: 'o', value: { _id: 7, c: 'Ada', i: [1, 2] } },
      '<o id="7"><c>Ada</c><i>1</i><i>2</i></o>',
    ],
    ['the root from the value', { value: { o: { a: null, b: true } } }, '<o><a/><b>true</b></o>'],
    ['text beside attributes', { root: 'o', value: { _a: 1, __text: 'x' } }, '<o a="1">x</o>'],
    [
      'escaped signs',
      { root: 'o', value: { _a: '"<\n>"', __text: '<&>"\'' } },
      '<o a="&quot;&lt;&#10;&gt;&quot;">&lt;&amp;&gt;"\'</o>',
    ],
    ['no attribute for null', { root: 'o', value: { _a: null } }, '<o/>'],
    [
      'a line for each element',
      { root: 'o', value: { a: { b: 1 }, c: 'x y' }, indent: true },
      '<o>\n  <a>\n    <b>1</b>\n  </a>\n  <c>x y</c>\n</o>',
    ],
    ['a text', { root: 'o', value: 'x' }, '<o>x</o>'],
  ])('writes %s', async (_, settings, text) => {
    expect(await outputOf('data.build_xml', { ...settings, ...bare })).toBe(text);
    expect(await outputOf('data.build_xml', settings)).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n${text}`,
    );
  });

  it.each<[string, JsonObject, string, string]>([
    ['no root', { value: { a: 1, b: 2 } }, 'xml_no_root', 'one root element'],
    ['a name with a space', { root: 'o', value: { 'a b': 1 } }, 'xml_bad_name', '"a b" in "o.a b"'],
    [
      'a name that closes the element',
      { root: 'o', value: { 'a><b': 1 } },
      'xml_bad_name',
      'cannot be the name',
    ],
    [
      'an attribute that is an object',
      { root: 'o', value: { _a: {} } },
      'xml_bad_text',
      '"o._a" must be a text',
    ],
    ['a list in a list', { root: 'o', value: { a: [[1]] } }, 'xml_list_in_list', '"o.a" is a list in a list'],
    ['a control character', { root: 'o', value: { a: '\u0001' } }, 'xml_bad_text', 'U+0001'],
  ])('refuses %s', async (_, settings, code, message) => {
    const error = await failureOf('data.build_xml', settings);
    expect(error).toMatchObject({ kind: 'invalid', code, pointer: '/config/value' });
    expect(error.message).toContain(message);
  });

  it('refuses depth without end', async () => {
    const value = Array.from({ length: 300 }).reduce<Json>((inner) => ({ a: inner }), 'x');
    expect(await failureOf('data.build_xml', { root: 'o', value })).toMatchObject({ code: 'xml_too_deep' });
  });

  it('writes what can be read again', async () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((given) => given.replace(/[\s\p{C}]/gu, ''));
    await fc.assert(
      fc.asyncProperty(fc.record({ _a: text, b: text, c: fc.array(text, { minLength: 2 }) }), async (o) => {
        const written = await outputOf('data.build_xml', { value: { o } });
        expect(await outputOf('data.parse_xml', { text: written })).toEqual({ o });
      }),
      { numRuns: 50 },
    );
  });
});
