/** The folder the demo owns: fresh for every run, and never anybody else's. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '@coach-hub/core';
import { readIfThere } from '../project/find-project.ts';
import type { World } from '../world.ts';

/** What makes a folder the demo's. It holds the number of the process that plays there. */
const MARKER = '.coach-demo';
const FOLDER_MODE = 0o700;

export interface DemoFolder {
  path: string;
  data: string;
  phoneFile: string;
  /** What was played stays for other commands to look at; only the claim on the folder ends. */
  release(): Promise<void>;
}

/** @throws HubError `conflict` when another demo plays there, or when the folder holds something that is not a demo's. */
export async function takeDemoFolder(
  projectDir: string,
  { pid, isRunning }: Pick<World, 'pid' | 'isRunning'>,
): Promise<DemoFolder> {
  const path = join(projectDir, '.coach', 'demo');
  const marker = join(path, MARKER);
  const text = await readIfThere(marker);
  if (text === null && (await readdir(path).catch(() => [])).length > 0) throw foreign(path);
  const owner = Number(text ?? '');
  if (Number.isInteger(owner) && owner > 0 && owner !== pid && isRunning(owner)) throw taken(path, owner);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  await writeFile(marker, `${pid}\n`);
  return { path, data: join(path, 'data'), phoneFile: join(path, 'phone.db'), release: () => writeFile(marker, '') };
}

function foreign(path: string): HubError {
  return new HubError('conflict', {
    what: 'The demo does not start.',
    why: `It starts afresh in ${path}, and what is there now was not made by a demo.`,
    fix: 'Move that folder away, or start the demo in another one.',
  });
}

function taken(path: string, owner: number): HubError {
  return new HubError('conflict', {
    what: 'The demo does not start.',
    why: `Another one is playing in ${path} (process ${owner}).`,
    fix: 'Stop that one first. If it is no demo, remove the folder.',
  });
}
