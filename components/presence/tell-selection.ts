import { callApi } from '#components/api/client.ts';
import type { EditorStore } from '#components/canvas/editor-store.ts';
import { MOST_SELECTED } from '#core/api/flow-live.ts';

/** At most so often, in milliseconds. */
const INTERVAL_MS = 200;

/** Tells what is selected, now and whenever it changes, to the call at `path`, until the returned function is called. */
export function tellSelection(store: EditorStore, path: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told: ReadonlySet<string> | undefined;
  const tell = () => {
    timer = undefined;
    const { selectedNodeIds } = store.getState();
    if (selectedNodeIds === told) return;
    told = selectedNodeIds;
    const selected = [...selectedNodeIds].slice(0, MOST_SELECTED);
    timer = setTimeout(tell, INTERVAL_MS);
    callApi(path, { method: 'PUT', body: { selected } }).catch((error: unknown) =>
      console.info('What is selected here could not be shown to others', error),
    );
  };
  tell();
  const unsubscribe = store.subscribe((next, before) => {
    if (next.selectedNodeIds !== before.selectedNodeIds && timer === undefined) tell();
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
