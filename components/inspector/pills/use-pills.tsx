'use client';

import { EditorView } from '@codemirror/view';
import type { Extension } from '@codemirror/state';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';

import type { PlacedPill } from '#core/pills/find-pills.ts';
import type { PillPath } from '#core/pills/pill-path.ts';

import { useSettings } from '../setting-context.tsx';

import { DataPicker } from './data-picker.tsx';
import { GoneSince } from './gone-since.tsx';
import { pillClipboard } from './pill-clipboard.ts';
import { type PillEditing, pillEditing, redrawPills } from './pill-editing.ts';
import { lookOfPill } from './pill-look.ts';
import { PillPopup } from './pill-popup.tsx';
import { wantsData } from './wants-data.ts';

export interface PillsOptions {
  readonly view: RefObject<EditorView | null>;
  readonly host: RefObject<HTMLElement | null>;
  readonly insert: (path: string) => void;
  readonly onShowSource?: () => void;
  /** Offered for a list that stands alone. */
  readonly onMapList?: (path: PillPath) => void;
}

export interface Pills {
  /** What the editor needs for pills. */
  readonly extension: (kind: PillEditing['kind']) => Extension;
  readonly openPicker: () => void;
  /** The popups of the moment. */
  readonly popups: ReactNode;
}

/** Pills in one editor: what draws them, and the popups that open from them. */
export function usePills(options: PillsOptions): Pills {
  const { view, host, insert } = options;
  const { pills: facts, isReadOnly } = useSettings();
  const isKnown = facts !== undefined;
  const latest = useRef({ facts });
  const [opened, setOpened] = useState<{ pill: PlacedPill; element: HTMLElement; isByKey: boolean } | null>(
    null,
  );
  const [isPicking, setPicking] = useState(false);
  useEffect(() => {
    latest.current = { facts };
    view.current?.dispatch({ effects: redrawPills.of(null) });
  }, [facts, view]);

  const openPicker = useCallback(() => {
    setOpened(null);
    setPicking(true);
  }, []);
  const extension = useCallback(
    (of: PillEditing['kind']): Extension => {
      const known = latest.current.facts;
      if (!isKnown || !known) return [];
      return [
        pillEditing({
          kind: of,
          isOfItem: known.list !== undefined,
          look: (path) => lookOfPill(path, latest.current.facts ?? known),
          onOpen: (pill, element, isByKey) => setOpened({ pill, element, isByKey }),
          onPick: (editor) => {
            if (editor.state.readOnly || !wantsData(editor.state, of)) return false;
            openPicker();
            return true;
          },
        }),
        pillClipboard(of),
        EditorView.updateListener.of(({ docChanged }) => {
          if (docChanged) setOpened(null);
        }),
      ];
    },
    [openPicker, isKnown],
  );
  const focusEditor = () => view.current?.focus();
  const close = () => {
    setOpened(null);
    setPicking(false);
  };
  const popups = facts && (
    <>
      {opened && (
        <PillPopup
          path={opened.pill.path}
          look={lookOfPill(opened.pill.path, facts)}
          anchor={opened.element}
          takesFocus={opened.isByKey}
          isReadOnly={isReadOnly}
          onClose={close}
          onFocusBack={focusEditor}
          onReplace={openPicker}
          onRemove={() => {
            close();
            view.current?.dispatch(view.current.state.replaceSelection(''), { userEvent: 'delete' });
            focusEditor();
          }}
          onShowSource={options.onShowSource}
          onMapList={isAlone(view.current, opened.pill) ? options.onMapList : undefined}
        >
          {lookOfPill(opened.pill.path, facts).isGone && (
            <GoneSince slug={facts.document.slug} path={opened.pill.path} list={facts.list} />
          )}
        </PillPopup>
      )}
      {isPicking && (
        <DataPicker
          facts={facts}
          anchor={host.current}
          onClose={() => {
            close();
            focusEditor();
          }}
          onChoose={(path) => {
            close();
            insert(path);
          }}
        />
      )}
    </>
  );
  return { extension, openPicker, popups };
}

function isAlone(view: EditorView | null, { from, to }: PlacedPill): boolean {
  return view !== null && from === 0 && to === view.state.doc.length;
}
