/** Shorter ones occur by chance. */
const MIN_LENGTH = 8;

/** Text without these secrets: far ends repeat what they were sent. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const long = secrets
    .filter((secret) => secret.length >= MIN_LENGTH)
    .toSorted((a, b) => b.length - a.length);
  return long.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
}
