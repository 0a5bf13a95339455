/** The built command in a process of its own, in a folder of its own: what a person at a terminal has. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, vi } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running extends Pick<ChildProcess, 'pid'> {
  stdout(): string;
  stderr(): string;
  /** Resolves once stdout holds the text. */
  says(text: string | RegExp): Promise<string>;
  /** Sends the signal and resolves with how it ended. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
  ended: Promise<Ended>;
}

export interface CoachOptions {
  cwd?: string;
  env?: { [name: string]: string };
}

/** Processes start in a fraction of a second, but not on a machine that builds and tests everything at once. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const folders: string[] = [];
const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is removed after the tests of the file. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'coach-cli-'));
  folders.push(folder);
  return folder;
}

/** Runs a command to its end. */
export function coach(args: readonly string[], options: CoachOptions = {}): Promise<Ended> {
  return startCoach(args, options).ended;
}

/** Runs a command and parses the JSON it prints. */
export async function coachJson<T>(args: readonly string[], options: CoachOptions = {}): Promise<T> {
  const { code, stdout, stderr } = await coach([...args, '--json'], options);
  if (stdout === '') throw new Error(`coach ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

export function startCoach(args: readonly string[], { cwd = emptyFolder(), env = {} }: CoachOptions = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...cleanEnvironment(), ...env } });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  async function says(text: string | RegExp): Promise<string> {
    const isThere = () => (typeof text === 'string' ? stdout.includes(text) : text.test(stdout));
    while (!isThere()) {
      const next = await Promise.race([
        ended,
        new Promise<null>((resolve) => child.stdout.once('data', () => resolve(null))),
      ]);
      if (next !== null && !isThere())
        throw new Error(`It ended with ${next.code} and never said ${text}: ${stdout}${stderr}`);
    }
    return stdout;
  }
  return {
    pid: child.pid,
    stdout: () => stdout,
    stderr: () => stderr,
    says,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}

/** Nothing of the person who runs the tests: no settings, no colours. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:COACH_|FORCE_COLOR$|NODE_OPTIONS$|NODE_ENV$|VITEST)/.test(name),
  );
  return { ...Object.fromEntries(inherited), NO_COLOR: '1' };
}
