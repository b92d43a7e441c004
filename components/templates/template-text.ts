import { catalog } from '#connectors/definitions.ts';
import { templateNeeds } from '#core/templates/template-needs.ts';
import type { Template } from '#core/templates/template.ts';

import { needInWords } from './need-in-words.ts';

/** The words that a template is found by, in small letters: of its name and sentences, its tags, apps and steps. */
export function templateText(template: Template): string {
  const { flow, summary, tags } = template;
  const apps = templateNeeds(template, catalog).connectors.map(needInWords);
  const nodes = flow.nodes.flatMap(({ type, version, label = '' }) => [label, catalog(type, version)?.label]);
  return [flow.name, flow.description, summary, ...tags, ...apps, ...nodes].join(' ').toLowerCase();
}
