import { HubError } from '../error/hub-error.ts';

/** Loads a module by URL. */
export type ImportModule = (url: string) => Promise<unknown>;

export const importModule: ImportModule = (url) => import(/* @vite-ignore */ url);

/**
 * The named export of a plugin's module. A module that throws or does not finish loading costs its plugin, never
 * the hub.
 *
 * @throws HubError `plugin_invalid`.
 */
export async function importEntry(
  id: string,
  url: string,
  name: string,
  timeoutMs: number,
  load: ImportModule,
): Promise<unknown> {
  const loading = load(url);
  // It may still fail after we stopped waiting.
  loading.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failed(id, `It did not finish loading within ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    const module = await Promise.race([loading, timeUp]);
    if (typeof module === 'object' && module !== null && name in module)
      return (module as { [name: string]: unknown })[name];
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw failed(
      id,
      `It threw while it was loading: ${error instanceof Error ? error.message : 'not an Error'}.`,
      error,
    );
  } finally {
    clearTimeout(timer);
  }
  throw failed(id, `Its module ${url.split('/').slice(-2).join('/')} exports no "${name}".`);
}

function failed(id: string, why: string, cause?: unknown): HubError {
  const story = {
    what: `The plugin "${id}" could not be loaded.`,
    why,
    fix: 'Correct the plugin, or remove it from the project.',
  };
  return new HubError('plugin_invalid', story, cause === undefined ? undefined : { cause });
}
