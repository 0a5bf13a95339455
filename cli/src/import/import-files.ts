/** Several recordings in work at once, their rows in the order they were found. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImportRow, ImportService } from '@coach-hub/core';
import { storyOf } from '../command/failure.ts';
import type { ReadItem } from './read-files.ts';
import { unreadableRow } from './unreadable-row.ts';

export interface ImportInput {
  athleteId: string;
  timeZone: string | null;
  /** Recordings in work at a time; one more is read ahead. */
  inFlight: number;
}

export type ImportEvent =
  /** So many files more are known of. */
  | { type: 'found'; files: number }
  | { type: 'done'; path: string; rows: ImportRow[] }
  | { type: 'passed_over'; path: string };

/** Waits before a file is tried again while another process holds the database, ms. */
const RETRY_AFTER_MS = [200, 1_000, 3_000];
/** A device keeps steps and settings beside its recordings, one file a day. Who gives a folder does not ask for them. */
const QUIET_CODE = 'other_file_type';

/** Once `stop` is aborted no further recording is begun; those in work are finished. */
export async function* importFiles(
  importer: Pick<ImportService, 'importFile'>,
  { athleteId, timeZone, inFlight }: ImportInput,
  items: AsyncGenerator<ReadItem>,
  stop: AbortSignal,
): AsyncGenerator<ImportEvent> {
  const running: Promise<ImportEvent>[] = [];
  /** Last work on each content: one file given twice is a file and its duplicate, never two at the same moment. */
  const byContent = new Map<string, Promise<unknown>>();
  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  let ahead: Promise<IteratorResult<ReadItem>> | null = readAhead();

  function readAhead(): Promise<IteratorResult<ReadItem>> {
    const next = items.next();
    next.catch(() => undefined); // reported when it is its turn
    return next;
  }

  function begin(item: ReadItem): Promise<ImportEvent> {
    if (item.type === 'recording') return takeIn(item);
    return Promise.resolve(item.type === 'answer' ? { type: 'done', path: item.path, rows: [item.row] } : item);
  }

  async function takeIn({ path, fileName, bytes, isGiven }: Extract<ReadItem, { type: 'recording' }>) {
    const content = createHash('sha256').update(bytes).digest('hex');
    const before = byContent.get(content) ?? Promise.resolve();
    // Where the file lay on this machine is nobody's business later on; its name goes with it.
    const input = { athleteId, fileName, bytes, timeZone };
    const work = before.then(() => withRetry(() => importer.importFile(input), path));
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    byContent.set(content, settled);
    const rows = await work;
    if (byContent.get(content) === settled) byContent.delete(content);
    if (!isGiven && rows.every(({ error }) => error?.code === QUIET_CODE))
      return { type: 'passed_over', path } as const;
    return { type: 'done', path, rows: rows.map((row) => ({ ...row, file: path })) } as const;
  }

  try {
    while (running.length > 0 || (ahead !== null && !stop.aborted)) {
      const [first] = running;
      const isFull = running.length >= inFlight || ahead === null || stop.aborted;
      // Rows are not kept waiting while a large archive is being opened.
      if (!isFull) await Promise.race([ahead, stopped, ...(first === undefined ? [] : [first])]);
      const next = isFull || stop.aborted || ahead === null ? null : await settledOrNull(ahead);
      if (next === null) {
        const event = await running.shift();
        if (event !== undefined) yield event;
      } else if (next.done === true) ahead = null;
      else {
        const event = begin(next.value);
        event.catch(() => undefined); // reported when its turn comes
        running.push(event);
        ahead = readAhead();
      }
    }
  } finally {
    await items.return(undefined);
  }
}

/** What a promise holds by now. */
function settledOrNull<T>(promise: Promise<T>): Promise<T | null> {
  return Promise.race([promise, Promise.resolve(null)]);
}

/** Import is safe to repeat, so what may pass by itself is waited out; what does not becomes the row of this file. */
async function withRetry(work: () => Promise<ImportRow[]>, path: string): Promise<ImportRow[]> {
  for (const waitMs of [...RETRY_AFTER_MS, null]) {
    try {
      return await work();
    } catch (error) {
      if (storyOf(error) === null) throw error;
      if (waitMs === null) return [unreadableRow(path, error)];
      await pause(waitMs);
    }
  }
  return [];
}
