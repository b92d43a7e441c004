import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formatTraceparent, isAmongSampled, parseTraceparent } from '#core/trace/traceparent.ts';

const hex = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
    .filter((text) => !/^0+$/.test(text));

describe('traceparent', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, isSampled) => {
        const context = { traceId, spanId, isSampled };
        expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
      }),
    );
  });

  const [trace, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  test.each([
    [`00-${trace}-${span}-03`, true],
    [`00-${trace}-${span}-02`, false],
    // A later version may say more.
    [`cc-${trace}-${span}-01-what-the-future-will-be-like`, true],
    [` 00-${trace}-${span}-01 `, true],
  ])('of %s is read', (header, isSampled) => {
    expect(parseTraceparent(header)).toEqual({ traceId: trace, spanId: span, isSampled });
  });

  test.each([
    `00-${trace}-${span}-01-more`,
    `ff-${trace}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace}-${span}`,
    `00-${trace}-${span}-01, 00-${trace}-${span}-01`,
    '',
    undefined,
    7,
  ])('of %s is none', (header) => {
    expect(parseTraceparent(header)).toBeNull();
  });

  test('a share of the traces is recorded, and more of them include those of fewer', () => {
    const ids = Array.from({ length: 4_000 }, (_, n) =>
      (BigInt(n) * 0x9e3779b97f4a7c15f39cc0605cedc835n).toString(16),
    ).map((id) => id.slice(-32).padStart(32, '1'));
    const among = (share: number) => ids.filter((id) => isAmongSampled(id, share));
    expect([among(0).length, among(1).length]).toEqual([0, 4_000]);
    expect(among(0.25).length).toBeGreaterThan(900);
    expect(among(0.25).length).toBeLessThan(1_100);
    expect(among(0.5)).toEqual(expect.arrayContaining(among(0.25)));
  });
});
