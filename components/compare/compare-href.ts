/** The page that shows a run beside another one; without one, beside the last success of its flow. */
export function compareHref(id: string, other?: string): string {
  const page = `/runs/${encodeURIComponent(id)}/compare`;
  return other === undefined ? page : `${page}?with=${encodeURIComponent(other)}`;
}
