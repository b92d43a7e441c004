/** The fields of a connection that the engine alone sets: what a provider gave. Nobody types them, and no list names them. */
export const TOKEN_FIELDS = ['accessToken', 'refreshToken'] as const;

const RESERVED: ReadonlySet<string> = new Set(TOKEN_FIELDS);

export function isTokenField(name: string): boolean {
  return RESERVED.has(name);
}

/** The fields without what a provider gave. */
export function withoutTokens(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !isTokenField(name)));
}

/** What a provider gave, of the fields. */
export function tokensOf(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isTokenField(name)));
}
