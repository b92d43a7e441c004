import { open, type FileHandle } from 'node:fs/promises';

/** Append-only lines of JSON. What `append` resolved for is on the disk. */
export interface RecordFile<T> {
  append(record: T): Promise<void>;
  close(): Promise<void>;
}

/** Lines that come while others are being synced share the next sync. */
export async function openRecordFile<T>(path: string): Promise<RecordFile<T>> {
  const file = await open(path, 'a');
  let pending: string[] = [];
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    // Whatever is appended in this turn goes along.
    await Promise.resolve();
    const lines = pending;
    pending = [];
    writing = undefined;
    await writeAll(file, lines.join(''));
  };
  let last = Promise.resolve();
  return {
    append: (record) => {
      pending.push(`${JSON.stringify(record)}\n`);
      return (writing ??= last = last.then(write));
    },
    close: async () => {
      await last;
      await file.close();
    },
  };
}

async function writeAll(file: FileHandle, text: string): Promise<void> {
  await file.write(text);
  await file.datasync();
}
