import { findConnector, catalog } from '#connectors/definitions.ts';
import { templateNeeds } from '#core/templates/template-needs.ts';
import type { Template, TemplateTag } from '#core/templates/template.ts';

export interface TemplateFilter {
  readonly search: string;
  readonly tag: TemplateTag | null;
}

/** Templates whose words hold every word of the search, among those with the tag. */
export function filterTemplates(
  templates: readonly Template[],
  { search, tag }: TemplateFilter,
): readonly Template[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter((template) => {
    if (tag !== null && !template.tags.includes(tag)) return false;
    const text = textOf(template);
    return words.every((word) => text.includes(word));
  });
}

function textOf(template: Template): string {
  const { flow, summary, tags } = template;
  const apps = templateNeeds(template, catalog).connectors.map((id) => findConnector(id)?.label ?? id);
  const nodes = flow.nodes.flatMap(({ type, version, label = '' }) => [label, catalog(type, version)?.label]);
  return [flow.name, flow.description, summary, ...tags, ...apps, ...nodes].join(' ').toLowerCase();
}
