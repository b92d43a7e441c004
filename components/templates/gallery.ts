import { catalog } from '#connectors/definitions.ts';
import { templateNeeds } from '#core/templates/template-needs.ts';
import type { Template } from '#core/templates/template.ts';
import { TEMPLATES } from '#core/templates/templates.ts';

import type { Findable } from './filter-templates.ts';
import { flowPicture, type FlowPicture } from './flow-picture.ts';
import { layOut } from './lay-out.ts';
import { needInWords } from './need-in-words.ts';
import { templateText } from './template-text.ts';

/** What the gallery shows of a template. */
export interface GalleryCard extends Findable {
  /** The slug of its flow. */
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  /** What has to be connected before it runs, as people know it. */
  readonly needs: readonly string[];
  /** True when an address of the user's own has to be filled in. */
  readonly needsAddress: boolean;
  readonly picture: FlowPicture;
}

let made: Promise<readonly GalleryCard[]> | undefined;

/** The gallery, for the server to send along: a page that only shows templates loads neither them nor the registry. Made once. */
export function readGallery(): Promise<readonly GalleryCard[]> {
  made ??= Promise.all(TEMPLATES.map(cardOf));
  return made;
}

async function cardOf(template: Template): Promise<GalleryCard> {
  const { flow, summary, tags } = template;
  const { connectors, hasAddress } = templateNeeds(template, catalog);
  return {
    id: flow.slug,
    name: flow.name,
    summary,
    tags,
    text: templateText(template),
    needs: connectors.map(needInWords),
    needsAddress: hasAddress,
    picture: flowPicture(await layOut(flow)),
  };
}
