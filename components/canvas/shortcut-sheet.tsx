'use client';

import { Dialog, DialogBody, DialogContent } from '#components/ui/dialog.tsx';
import { OUTLINE_SHORTCUTS } from '#components/outline/outline-shortcuts.ts';
import { Kbd } from '#components/ui/kbd.tsx';

import { useEditor, useEditorStore } from './editor-context.tsx';
import { isMacKeyboard, keyNames } from './key-names.ts';
import { SHORTCUTS } from './shortcuts.ts';

const GROUPS = ['Build', 'Arrange', 'Move around', 'Edit'] as const;

/** All keys of the canvas or of the outline, made from the table that handles them. */
export function ShortcutSheet() {
  const store = useEditorStore();
  const isOpen = useEditor((state) => state.isHelpOpen);
  const isOutline = useEditor((state) => state.view === 'outline');
  const shortcuts = isOutline ? OUTLINE_SHORTCUTS : SHORTCUTS;
  const isMac = isOpen && isMacKeyboard();
  return (
    <Dialog open={isOpen} onOpenChange={(open) => store.setState({ isHelpOpen: open })}>
      <DialogContent title="Keyboard" description="All of it works without a mouse." size="lg">
        <DialogBody className="block gap-8 sm:columns-2">
          {GROUPS.map((group) => (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="mb-1.5 text-xs font-medium text-subtle-foreground">{group}</h3>
              <dl className="flex flex-col gap-1.5">
                {shortcuts
                  .filter((shortcut) => shortcut.group === group)
                  .map((shortcut) => (
                    <div key={shortcut.id} className="flex items-center justify-between gap-4 text-sm">
                      <dt>{shortcut.label}</dt>
                      <dd className="flex shrink-0 gap-1.5">
                        {shortcut.keys.map((keys) => (
                          <Kbd key={keys.join()} keys={keyNames(keys, isMac)} />
                        ))}
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
