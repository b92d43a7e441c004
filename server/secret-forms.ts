/** Shorter values occur by chance: hiding them would tear harmless data apart. */
const MIN_LENGTH = 4;
/** What a value leaves in base64 between other bytes must be at least so long, to mean it. */
const MIN_CORE = 8;

/**
 * The forms in which a secret may stand in a text, in the longest first: as it is, URL-encoded, escaped for JSON (once or twice) or
 * HTML, in hexadecimal, and in base64, also in the middle of something larger.
 */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = secrets.filter((secret) => secret.length >= MIN_LENGTH).flatMap(formsOf);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const json = JSON.stringify(secret).slice(1, -1);
  const encoded = [
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams({ s: secret }).toString().slice(2),
  ];
  return [
    secret,
    // As lines are made one in messages.
    secret.replace(/\s+/g, ' ').trim(),
    ...encoded,
    ...encoded.map(lowerEscapes),
    json,
    JSON.stringify(json).slice(1, -1),
    asciiJson(secret),
    json.replaceAll('/', '\\/'),
    ...htmlForms(secret),
    hex,
    hex.toUpperCase(),
    ...base64Forms(bytes),
  ];
}

/** `%2F` as `%2f`. */
function lowerEscapes(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** As servers write JSON that keep to ASCII. */
function asciiJson(secret: string): string {
  return JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function htmlForms(secret: string): string[] {
  const escaped = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return [escaped, escaped.replaceAll("'", '&#39;'), escaped.replaceAll("'", '&#x27;')];
}

/** By how many bytes come before, base64 cuts a value at other places; what is left is the same wherever it stands. */
function base64Forms(bytes: Buffer): string[] {
  const whole = [bytes.toString('base64'), bytes.toString('base64url')];
  const cores = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first characters mix with what comes before, the last one with what follows.
    const isCut = (before + bytes.length) % 3 !== 0;
    return text.slice(before === 0 ? 0 : before + 1, isCut ? -1 : undefined);
  });
  const long = cores.filter((core) => core.length >= MIN_CORE);
  return [...whole, ...long, ...long.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))];
}
