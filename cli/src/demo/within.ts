import { HubError } from '@coach-hub/core';

/** Waits for work no longer than it may take. @throws HubError `busy` with the given words after that. */
export async function within<T>(ms: number, work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(otherwise, ms)), ms);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}

function late(what: string, ms: number): HubError {
  return new HubError('busy', {
    what,
    why: `It had ${ms / 1_000} s.`,
    fix: 'Start it again while the machine has less to do.',
  });
}
