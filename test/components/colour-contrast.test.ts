import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

const CSS = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8');
/** What WCAG asks of text of the usual size. */
const LEAST = 4.5;

const THEMES = { light: ':root', dark: '.dark' } as const;
const FILLS = [
  ['accent', 'accent-foreground'],
  ['accent-hover', 'accent-foreground'],
  ['accent-soft', 'accent-text'],
  ['inverse', 'inverse-foreground'],
  ['muted', 'muted-foreground'],
  ['surface', 'subtle-foreground'],
  ['success-soft', 'success'],
  ['warning-soft', 'warning'],
  ['danger-soft', 'danger'],
  ['info-soft', 'info'],
  ['doubt-soft', 'doubt'],
] as const;

test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])(
  'text on filled areas is readable in the %s theme, under the pointer too',
  (theme) => {
    const tokens = tokensOf(THEMES[theme]);
    const faint = FILLS.map(([fill, text]) => ({
      fill,
      text,
      ratio: contrast(tokens.get(fill), tokens.get(text)),
    })).filter(({ ratio }) => ratio < LEAST);
    expect(faint).toEqual([]);
  },
);

/** Relative luminance by the token's name. */
function tokensOf(selector: string): ReadonlyMap<string, number> {
  const start = CSS.indexOf(`${selector} {`);
  const block = CSS.slice(start, CSS.indexOf('\n}', start));
  const found = block.matchAll(/--([a-z-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g);
  return new Map(
    [...found].map(([, name = '', l, c, h]) => [name, luminance(Number(l), Number(c), Number(h))]),
  );
}

function contrast(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) throw new Error('A token is missing from app/globals.css');
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Of a colour in OKLCH, hue in degrees; what a screen cannot show is clipped. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const [red, green, blue] = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((part) => Math.min(1, Math.max(0, part)));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}
