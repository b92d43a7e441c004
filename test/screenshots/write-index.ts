import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { FOLDER, type Album, type State } from './camera.ts';

/** Writes README.md beside the pictures: every state, light and dark. */
export async function writeIndex(albums: readonly Album[]): Promise<void> {
  const parts = albums.map(({ title, states }) => `## ${title}\n\n${states.map(rowsOf).join('\n\n')}`);
  const text = `# Every page and state in pictures

Made by \`npm run screenshots\` from a running product with real flows and runs, in light and dark; pages that also serve on a
phone have a second pair. How a newcomer gets through the first flow: [walk](walk/README.md).

${parts.join('\n\n')}
`;
  await writeFile(resolve(FOLDER, 'README.md'), text);
}

function rowsOf(state: State): string {
  const sizes = state.isNarrowToo === false ? [''] : ['', '-narrow'];
  const pictures = sizes
    .flatMap((size) => ['light', 'dark'].map((theme) => `${state.name}${size}-${theme}.png`))
    .map(
      (file) => `<img src="${file}" width="${file.includes('-narrow-') ? 200 : 400}" alt="${state.title}">`,
    );
  return `### ${state.title}\n\n${pictures.join('\n')}`;
}
