const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one reading of an e-mail address: NFKC, lower-case, `local@domain` in plain ASCII. Null for anything else: quoted
 * local parts, lists, comments, look-alike at signs. Two parsers that disagree are how accounts get taken over.
 */
export function parseEmail(text: string): string | null {
  const address = text.trim().normalize('NFKC').toLowerCase();
  if (address.length > 254 || atSigns(text) !== 1) return null;
  const [local = '', domain = '', ...rest] = address.split('@');
  const isWellFormed =
    rest.length === 0 &&
    local.length <= 64 &&
    LOCAL.test(local) &&
    domain.split('.').every((label) => LABEL.test(label));
  return isWellFormed ? address : null;
}

/** Counted before normalisation: a full-width at sign must not become one. */
function atSigns(text: string): number {
  return text.split('@').length - 1;
}
