import { describe, expect, it } from 'vitest';

import { testInput } from '#components/canvas/test-input.ts';
import { sampleScope } from '#components/inspector/sample-scope.ts';
import { filterTemplates } from '#components/templates/filter-templates.ts';
import { readGallery } from '#components/templates/gallery.ts';
import { miniatureShape } from '#components/templates/miniature-shape.ts';
import { layOut } from '#components/templates/lay-out.ts';
import { catalog } from '#connectors/definitions.ts';
import { makeFromTemplate } from '#core/templates/make-from-template.ts';
import { findTemplate, TEMPLATES } from '#core/templates/templates.ts';

const cards = await readGallery();
const slugsOf = (filter: Parameters<typeof filterTemplates>[1]) =>
  filterTemplates(cards, filter).map(({ id }) => id);

describe('the search of templates', () => {
  it('finds by what it does, by app and by step', () => {
    expect(slugsOf({ search: 'form wrong', tag: null })).toContain('form-with-errors');
    expect(slugsOf({ search: 'ACME lost', tag: null })).toContain('approve-large-deals');
    expect(slugsOf({ search: 'parse csv', tag: null })).toContain('csv-to-json');
    expect(slugsOf({ search: 'no such thing', tag: null })).toEqual([]);
  });

  it('keeps to the tag', () => {
    const found = filterTemplates(cards, { search: '', tag: 'people' });
    expect(found.length).toBeGreaterThan(1);
    expect(found.every(({ tags }) => tags.includes('people'))).toBe(true);
  });
});

describe('the picture of a template', () => {
  it.each(TEMPLATES.map((template) => [template.flow.slug, template] as const))(
    '%s has every node and line, within its frame, and no node on another',
    async (_slug, { flow }) => {
      const shape = miniatureShape(await layOut(flow), catalog);
      expect(shape.nodes.map(({ node }) => node.id).sort()).toEqual(flow.nodes.map(({ id }) => id).sort());
      const undone = flow.nodes.filter(({ compensate }) => compensate !== undefined);
      expect(shape.lines).toHaveLength(flow.edges.length + undone.length);
      for (const { box } of shape.nodes) {
        expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(shape.width);
        expect(box.y + box.height).toBeLessThanOrEqual(shape.height);
      }
      const chips = shape.nodes.filter(({ isLoop }) => !isLoop);
      const places = new Set(chips.map(({ box }) => `${Math.round(box.x / 20)} ${Math.round(box.y / 20)}`));
      expect(places.size).toBe(chips.length);
    },
  );
});

describe('the first test run of a flow that was made from a template', () => {
  const made = (slug: string) =>
    makeFromTemplate(findTemplate(slug)!, { catalog, connections: {}, freeSlug: (wanted) => wanted }).flow;

  it('begins with the sample payload', () => {
    expect(testInput(made('form-with-errors'), catalog, {})).toEqual(
      findTemplate('form-with-errors')!.trial.input,
    );
    expect(testInput(made('deal-for-new-contact'), catalog, {})).toMatchObject({ type: 'contact.created' });
    expect(testInput(made('daily-digest'), catalog, {})).toEqual({});
  });

  it('is what previews of expressions show before there is a run', async () => {
    const webhook = await sampleScope('check', { document: made('form-with-errors'), catalog });
    expect(webhook.trigger).toMatchObject({ method: 'POST', body: { name: 'Ada', email: 'not an address' } });
    const ofApp = await sampleScope('deal', { document: made('deal-for-new-contact'), catalog });
    expect(ofApp.trigger).toMatchObject({ body: { data: { company: 'Nordlicht Lamps' } } });
  });
});
