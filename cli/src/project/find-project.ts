/** Which project a command is about: the nearest folder upwards with `coach.config.json` or `package.json`. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const CONFIG_FILE = 'coach.config.json';

export interface FoundProject {
  /** The folder commands were started in, where nothing marks a project. */
  dir: string;
  /** Null when the project has no configuration of its own: everything has a default. */
  configPath: string | null;
}

export async function findProject(cwd: string): Promise<FoundProject> {
  for (let dir = cwd; ; dir = dirname(dir)) {
    const configPath = join(dir, CONFIG_FILE);
    if (await isFile(configPath)) return { dir, configPath };
    if (await isFile(join(dir, 'package.json'))) return { dir, configPath: null };
    if (dirname(dir) === dir) return { dir: cwd, configPath: null };
  }
}

/** Text of a file, or null when there is none. */
export async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
