/** Failures nobody foresaw go to a file whole, so that the screen can stay short. */
import { appendFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hideSecrets } from '../log/hide-secrets.ts';
import { findProject } from '../project/find-project.ts';
import type { World } from '../world.ts';
import type { Story } from './failure.ts';

const FILE_MODE = 0o600;
const MAX_DEPTH = 4;

/** Writes the error with its causes and says where. Never throws: there is nobody left to catch it. */
export async function internalFailure(error: unknown, command: string, world: World): Promise<Story> {
  const path = await logPath(world);
  const entry = { at: new Date(world.clock.now()).toISOString(), command, node: world.node, error: told(error) };
  const hide = hideSecrets(secretsIn(world.env));
  const written = await appendFile(path, `${hide(JSON.stringify(entry, null, 2))}\n`, { mode: FILE_MODE }).then(
    () => true,
    () => false,
  );
  return {
    code: 'internal',
    what: `"coach ${command}" failed.`,
    why: error instanceof Error ? hide(firstLine(error.message)) : 'Something was thrown that is no error.',
    fix: written ? `Please report it; the whole story is in ${path}.` : 'Please report it, with COACH_LOG_LEVEL=debug.',
    status: 500,
    details: written ? { log: path } : {},
  };
}

/** What the environment holds is all that is known here: the failure may be that the project cannot be read. */
function secretsIn(env: World['env']): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && /^COACH_.*(?:SECRET|KEYS?|TOKEN|PASSWORD)$/.test(name) ? value.split(',') : [],
  );
}

/** In the project's own folder where there is one already; a failure makes no new folders in strange places. */
async function logPath({ cwd, tempDir }: World): Promise<string> {
  const path = join((await findProject(cwd)).dir, '.coach', 'errors.log');
  const isThere = await stat(dirname(path)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isThere) return path;
  await mkdir(tempDir, { recursive: true }).catch(() => undefined);
  return join(tempDir, 'coach-errors.log');
}

function told(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in error ? { code: error.code } : {};
  return {
    name,
    message,
    ...code,
    at: frames.map((frame) => frame.trim()),
    ...(cause === undefined || depth >= MAX_DEPTH ? {} : { cause: told(cause, depth + 1) }),
  };
}

function firstLine(text: string): string {
  return text.split('\n')[0] || 'The error says nothing.';
}
