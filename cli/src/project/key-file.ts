/** The key file of a data folder: what seals secrets, signs development tokens and knows operators. Mode 0600. */
import { link, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateKey, HubError, type Random } from '@coach-hub/core';
import { readIfThere } from './find-project.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const JWT_SECRET_BYTES = 48;

/** As `loadConfig` of core takes it. */
export interface KeyFile {
  /** Vault keys, newest first. */
  keys: string[];
  jwtSecret: string;
  /** `role:sha256`; the keys themselves are nowhere. */
  operatorKeys: string[];
}

/** The parsed file; null when there is none. @throws HubError `config_invalid` when it cannot be read. */
export async function readKeyFile(path: string): Promise<unknown> {
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new HubError('config_invalid', {
      what: `The key file ${path} cannot be read.`,
      why: 'It is not JSON. What it holds is not repeated here.',
      fix: 'Restore it from a backup. Without its keys, athletes must connect their accounts again.',
    });
  }
}

/** Whether others than its owner may read it. */
export async function isKeyFileOpen(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => (found.mode & 0o077) !== 0,
    () => false,
  );
}

/** A file that is there already is kept: of two processes that start at once, the second uses the keys of the first. */
export async function makeKeyFile(path: string, random: Random, operatorKeys: string[]): Promise<'made' | 'kept'> {
  const file: KeyFile = {
    keys: [generateKey(random)],
    jwtSecret: Buffer.from(random.bytes(JWT_SECRET_BYTES)).toString('base64'),
    operatorKeys,
  };
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE }).catch((error) => {
    throw unusable(dirname(path), error);
  });
  const draft = await writeDraft(path, file, random);
  // A link is made at once and never over another file, and what it names is complete.
  const made = await link(draft, path).then(
    () => 'made' as const,
    (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? ('kept' as const) : Promise.reject(error)),
  );
  await rm(draft, { force: true });
  return made;
}

/** Adds an operator to a file that has none. */
export async function addOperator(path: string, file: KeyFile, entry: string, random: Random): Promise<void> {
  await replaceKeyFile(path, { ...file, operatorKeys: [...file.operatorKeys, entry] }, random);
}

/** Whoever reads meanwhile finds the old file or the new one, whole. */
export async function replaceKeyFile(path: string, file: KeyFile, random: Random): Promise<void> {
  await rename(await writeDraft(path, file, random), path);
}

function unusable(folder: string, cause: NodeJS.ErrnoException): HubError {
  const isFile = cause.code === 'EEXIST' || cause.code === 'ENOTDIR';
  const story = {
    what: `The data folder ${folder} cannot be made.`,
    why: isFile ? 'There is a file in its place.' : cause.message,
    fix: 'Name another folder with --data.',
  };
  return new HubError('config_invalid', story, { cause });
}

async function writeDraft(path: string, file: KeyFile, random: Random): Promise<string> {
  const draft = `${path}.${random.uuid()}`;
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: FILE_MODE, flag: 'wx' });
  return draft;
}
