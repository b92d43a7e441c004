import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import type { Browser, Page } from '@playwright/test';

import { DRAG_STEPS, editorOf } from '#test/e2e/support/editor.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { startSink, type Sink } from '#test/support/sink.ts';

import { FOLDER, openPage, settle, shoot } from './camera.ts';

interface Step {
  readonly title: string;
  readonly file: string;
  readonly seconds: number;
  /** Clicks, fields filled in and drags. */
  readonly actions: number;
}

/** What a newcomer does, from the first page to a failed run that is mended. `act` counts what a hand does. */
interface Walk {
  readonly page: Page;
  readonly farEnd: Sink;
  step(title: string, work: () => Promise<void>): Promise<void>;
  act<T>(action: Promise<T>): Promise<T>;
}

/**
 * Walks from an empty database to a published flow with one mapped field and one failed run that is mended, as somebody
 * would who has read nothing: by what stands on the pages. Pictures and a table of times go to docs/screens/walk.
 */
export async function photographWalk(browser: Browser): Promise<void> {
  const farEnd = await startSink();
  const began = performance.now();
  const product = await startProduct({
    durable: true,
    env: {
      PATCHBAY_OWNER_EMAIL: undefined,
      PATCHBAY_OWNER_PASSWORD: undefined,
      PATCHBAY_OWNER_API_KEY: undefined,
    },
  });
  const startSeconds = secondsSince(began);
  const page = await openPage(browser, product.url, 'light');
  const steps: Step[] = [];
  let actions = 0;
  try {
    await walk(product, {
      page,
      farEnd,
      act: (action) => {
        actions += 1;
        return action;
      },
      step: async (title, work) => {
        actions = 0;
        const start = performance.now();
        await work().catch(async (cause: unknown) => {
          await shoot(page, 'walk/held-up');
          throw cause;
        });
        const seconds = secondsSince(start);
        await settle(page);
        const file = `${String(steps.length + 1).padStart(2, '0')}-${fileName(title)}`;
        await shoot(page, `walk/${file}`);
        steps.push({ title, file: `${file}.png`, seconds, actions });
      },
    });
  } finally {
    await page.context().close();
    await product.stop();
    await farEnd.stop();
  }
  await writeFile(resolve(FOLDER, 'walk/README.md'), report(steps, startSeconds));
}

async function walk(product: Product, { page, farEnd, step, act }: Walk): Promise<void> {
  const editor = editorOf(page);
  let command = '';
  await step('Make the first account', async () => {
    await act(page.goto(product.url));
    await act(page.getByLabel('Your name').fill('Ada Park'));
    await act(page.getByLabel('E-mail').fill('ada@example.com'));
    await act(page.getByRole('textbox', { name: 'Password' }).fill('a few plain words'));
    await act(page.getByLabel('Workspace').fill('Analytical engines'));
    await act(page.getByRole('button', { name: 'Create the workspace' }).click());
    await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
  });
  await step('Name a new flow', async () => {
    await act(page.getByRole('link', { name: 'Flows', exact: true }).click());
    await act(page.getByRole('button', { name: 'New flow' }).first().click());
    await act(page.getByRole('dialog').getByLabel('Name').fill('Tell the shop'));
    await act(page.getByRole('button', { name: 'Create the flow' }).click());
    await page.getByText('What starts this flow?').waitFor();
  });
  await step('Let a webhook start it', async () => {
    await act(editor.canvas.getByRole('button', { name: 'Webhook' }).click());
    await editor.node('Webhook').waitFor();
  });
  await step('Add an HTTP request after it', async () => {
    await act(editor.canvas.getByRole('button', { name: 'Add a node after Webhook' }).click());
    await act(page.keyboard.type('http'));
    await act(page.keyboard.press('Enter'));
    await editor.field('URL').waitFor();
    await act(editor.choose('Method', 'POST'));
    await act(editor.field('URL').fill(`${farEnd.url}/orders`));
  });
  await step('Map one field of the event', async () => {
    await act(editor.setting('Body').getByRole('button', { name: 'Add field' }).last().click());
    await act(page.keyboard.type('order'));
    await act(
      editor.inspector
        .getByRole('button', { name: 'Insert trigger.body', exact: true })
        .first()
        .dragTo(editor.field('Body: order'), { steps: DRAG_STEPS }),
    );
    await editor.waitUntilSaved();
  });
  await step('Publish it', async () => {
    await act(page.getByRole('button', { name: 'Publish', exact: true }).click());
    await act(page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click());
    command = (await page.getByLabel('curl command', { exact: true }).textContent()) ?? '';
  });
  farEnd.reply('/orders', { status: 404, body: { message: 'No shop of that name' } });
  await step('Send it an event from a terminal', async () => {
    await act(promisify(execFile)('bash', ['-c', command]));
    await act(page.getByRole('link', { name: 'See its runs' }).click());
    await page.getByRole('row', { name: /Failed/ }).waitFor();
  });
  await step('See why it failed', async () => {
    await act(
      page
        .getByRole('row', { name: /Failed/ })
        .getByRole('link')
        .first()
        .click(),
    );
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
  });
  farEnd.reply('/orders', { status: 201, body: { stored: true } });
  await step('Mend the far end and resume', async () => {
    await act(page.getByRole('button', { name: 'Resume', exact: true }).click());
    await page.getByRole('group', { name: /^HTTP request, .*succeeded/ }).waitFor();
  });
  const arrived = farEnd.at('/orders').map((request) => request.json());
  const expected = { order: { id: 1042, number: 'A-1042', total: 129.5 } };
  if (JSON.stringify(arrived.at(-1)) !== JSON.stringify(expected))
    throw new Error(`The far end got ${JSON.stringify(arrived)}.`);
}

function report(steps: readonly Step[], startSeconds: number): string {
  const rows = steps.map(
    ({ title, seconds, actions }, index) => `| ${index + 1} | ${title} | ${actions} | ${seconds} |`,
  );
  const sum = (of: (step: Step) => number) =>
    Math.round(steps.reduce((all, step) => all + of(step), 0) * 10) / 10;
  const pictures = steps.map(({ title, file }, index) => `## ${index + 1}. ${title}\n\n![${title}](${file})`);
  return `# The first flow, step by step

From an empty database to a published flow with one mapped field and one failed run that is mended, by what stands on the pages
alone. Made by \`npm run screenshots -- walk\`; the seconds are those of the product, a person adds reading and typing. The built
product was ready ${startSeconds} s after its start.

| | step | clicks, drags and texts | seconds |
| --- | --- | --- | --- |
${rows.join('\n')}
| | all | ${sum(({ actions }) => actions)} | ${sum(({ seconds }) => seconds)} |

${pictures.join('\n\n')}
`;
}

function secondsSince(moment: number): number {
  return Math.round((performance.now() - moment) / 100) / 10;
}

function fileName(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}
