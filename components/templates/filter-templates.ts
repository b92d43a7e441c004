import type { TemplateTag } from '#core/templates/template.ts';

export interface TemplateFilter {
  readonly search: string;
  readonly tag: TemplateTag | null;
}

/** What of a template is searched. */
export interface Findable {
  readonly tags: readonly TemplateTag[];
  /** As `templateText` gives it. */
  readonly text: string;
}

/** Templates whose words hold every word of the search, among those with the tag. */
export function filterTemplates<Found extends Findable>(
  templates: readonly Found[],
  { search, tag }: TemplateFilter,
): readonly Found[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter(
    ({ tags, text }) => (tag === null || tags.includes(tag)) && words.every((word) => text.includes(word)),
  );
}
