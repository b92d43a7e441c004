import { onlyHeader, type HookHeaders } from '#server/ingress/read-headers.ts';

/** The one signature of a header `<prefix><signature>`; empty when the header is missing, comes twice or lacks the prefix. */
export function prefixedSignature(headers: HookHeaders, name: string, prefix: string): readonly string[] {
  const value = onlyHeader(headers, name);
  return value?.startsWith(prefix) ? [value.slice(prefix.length)] : [];
}
