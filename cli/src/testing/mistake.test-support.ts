/** A command line that is refused, in this process: nothing is opened, so none of its own is needed. */
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Refused {
  code: unknown;
  /** Lines on stderr. */
  lines: string[];
}

interface Runnable {
  run(args: string[], root: string): Promise<unknown>;
}

/** Runs it and resolves with what it ended with. */
export async function refused(command: Runnable, args: readonly string[]): Promise<Refused> {
  let stderr = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    await command.run([...args], ROOT);
    return { code: 0, lines: [] };
  } catch (error) {
    return { code: (error as { oclif?: { exit?: number } }).oclif?.exit, lines: stderr.trimEnd().split('\n') };
  } finally {
    spy.mockRestore();
  }
}
