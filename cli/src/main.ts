/**
 * The one file of the CLI that touches the machine: environment, clock, chance, signals and the end of the process.
 * Everything else is handed what it needs from here.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { createLog } from './log/create-log.ts';
import { isLogLevel, type LogLevel } from './log/log-level.ts';
import type { Ports, World } from './world.ts';

/** What a shell reports for a program that was ended by Ctrl-C. */
const EXIT_INTERRUPTED = 130;

/** As wide as oclif makes the help that goes to no terminal. */
const COLUMNS_ELSEWHERE = 80;

export function world(): World {
  const { env } = process;
  const clock = { now: () => Date.now() };
  const random = {
    bytes: (count: number) => new Uint8Array(randomBytes(count)),
    next: () => Math.random(),
    uuid: () => randomUUID(),
  };
  return {
    env,
    cwd: process.cwd(),
    tempDir: tmpdir(),
    node: process.version,
    pid: process.pid,
    isRunning,
    columns: process.stdout.columns || COLUMNS_ELSEWHERE,
    stderr: { isTty: process.stderr.isTTY === true, write: (text) => void process.stderr.write(text) },
    clock,
    random,
    ports: (level) => portsWith(levelOf(env.COACH_LOG_LEVEL, level), { clock, random }),
    stopSignal,
    onHangup(listener) {
      process.on('SIGHUP', listener);
      return () => void process.off('SIGHUP', listener);
    },
  };
}

/** Whether colours may be used: only towards a person, and never against NO_COLOR (no-color.org). */
export function colourAllowed(): boolean {
  const { NO_COLOR, TERM, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is somebody else's
  }
}

function portsWith(level: LogLevel, { clock, random }: Pick<Ports, 'clock' | 'random'>): Ports {
  const log = createLog({
    level,
    form: process.stderr.isTTY === true ? 'lines' : 'json',
    write: (line) => void process.stderr.write(`${line}\n`),
    clock,
  });
  return { clock, random, log };
}

function levelOf(wanted: string | undefined, otherwise: LogLevel): LogLevel {
  return wanted !== undefined && isLogLevel(wanted) ? wanted : otherwise;
}

let stopping: AbortController | null = null;

/** The first SIGINT or SIGTERM aborts it, so that work ends in good order; the second ends the process at once. */
function stopSignal(): AbortSignal {
  if (stopping !== null) return stopping.signal;
  const controller = new AbortController();
  stopping = controller;
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
