import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { makeFromTemplate } from '#core/templates/make-from-template.ts';
import { openPoints, templateNeeds } from '#core/templates/template-needs.ts';
import { TEMPLATE_TAGS, type Template } from '#core/templates/template.ts';
import { findTemplate, TEMPLATES } from '#core/templates/templates.ts';

const GUIDE = resolve(import.meta.dirname, '../../docs/guides/templates.md');

const named = TEMPLATES.map((template) => [template.flow.slug, template] as const);
const asIs = (template: Template, connections: Readonly<Record<string, string>> = {}) =>
  makeFromTemplate(template, { catalog, connections, freeSlug: (slug) => slug });

describe('templates', () => {
  it('are at least twenty, with slugs and names of their own', () => {
    const documents = TEMPLATES.flatMap(({ flow, helpers }) => [flow, ...helpers]);
    expect(TEMPLATES.length).toBeGreaterThanOrEqual(20);
    expect(new Set(documents.map(({ slug }) => slug)).size).toBe(documents.length);
    expect(new Set(documents.map(({ name }) => name)).size).toBe(documents.length);
  });

  it('have every tag that can be chosen', () => {
    const used = new Set(TEMPLATES.flatMap(({ tags }) => tags));
    expect(TEMPLATE_TAGS.filter((tag) => !used.has(tag))).toEqual([]);
  });

  it('all stand in the guide', async () => {
    const guide = await readFile(GUIDE, 'utf8');
    for (const { flow, summary } of TEMPLATES) {
      expect(guide).toContain(`| ${flow.name} `);
      expect(guide).toContain(summary);
    }
  });

  it('work without an account outside, all but a few', () => {
    const ready = TEMPLATES.filter((template) => {
      const { connectors, hasAddress } = templateNeeds(template, catalog);
      return !hasAddress && connectors.every((connector) => connector === 'acme');
    });
    expect(ready.length).toBeGreaterThanOrEqual(18);
  });

  it.each(named)('%s has no fault but missing connections', (_id, template) => {
    const { flow, helpers } = asIs(template);
    for (const document of [flow, ...helpers]) {
      const { faults } = validateFlow(document, catalog);
      expect(faults.filter(({ code }) => code !== 'connection_missing')).toEqual([]);
    }
  });

  it.each(named)('%s has no fault at all once connections are chosen', (_id, template) => {
    const { connectors } = templateNeeds(template, catalog);
    const { flow, helpers } = asIs(template, Object.fromEntries(connectors.map((each) => [each, 'ours'])));
    for (const document of [flow, ...helpers]) expect(validateFlow(document, catalog).faults).toEqual([]);
  });

  it.each(named)('%s says what it does in a sentence, and shows a label on each node', (_id, template) => {
    const sentences = [template.summary, template.trial.shows, template.flow.description];
    for (const sentence of sentences) expect(sentence).toMatch(/^\S.{20,240}\.$|^\S.{20,}\.”?$|\?”\.$/);
    for (const { nodes } of [template.flow, ...template.helpers])
      for (const { id, label } of nodes) expect(label, id).toBeTruthy();
  });
});

describe('making flows of a template', () => {
  const template = findTemplate('price-order-lines')!;

  it('calls the helper by the slug that it got', () => {
    const { flow, helpers } = makeFromTemplate(template, {
      catalog,
      connections: {},
      freeSlug: (slug) => `${slug}-2`,
    });
    expect(flow.slug).toBe('price-order-lines-2');
    expect(helpers.map(({ slug }) => slug)).toEqual(['price-a-line-2']);
    expect(flow.nodes.find(({ id }) => id === 'price')?.config).toMatchObject({ flow: 'price-a-line-2' });
  });

  it('names the flow for failures by the slug that it got', () => {
    const alarm = findTemplate('import-with-alarm')!;
    const made = makeFromTemplate(alarm, { catalog, connections: {}, freeSlug: (slug) => `${slug}-2` });
    expect(made.flow.settings.onFailure).toBe('record-a-failure-2');
  });

  it('pins the sample payload to the trigger', () => {
    expect(asIs(template).flow.pins).toEqual({ hook: template.trial.input });
  });

  it('tells what is still to be chosen, and no more of it once it is', () => {
    const both = findTemplate('fan-out-order')!;
    expect(openPoints(asIs(both).flow, catalog)).toEqual([
      { nodeId: 'deal', place: '/connection', connector: 'acme' },
      { nodeId: 'ship', place: '/config/url', connector: null },
    ]);
    expect(openPoints(asIs(both, { acme: 'ours' }).flow, catalog)).toMatchObject([{ nodeId: 'ship' }]);
  });

  it('leaves a template as it was', () => {
    const before = JSON.stringify(template);
    makeFromTemplate(template, { catalog, connections: { acme: 'x' }, freeSlug: (slug) => `${slug}-9` });
    expect(JSON.stringify(template)).toBe(before);
  });
});
