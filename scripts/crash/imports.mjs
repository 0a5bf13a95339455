/**
 * `coach import`, killed at random moments and run again to its end: the history is the one of an import nobody
 * disturbed, and importing everything once more changes nothing.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLog } from '@coach-hub/core';
import { fake } from '@coach-hub/plugin-garmin/fake';
import { startCoach } from './process.mjs';
import { checkBytes, contentsOf, differencesOf, revsOf } from './stored-data.mjs';

/** Recordings of real devices, where a checkout has them beside it. */
const RECORDINGS = '../shared/data/fit';
const WRITTEN_FILES = 24;
const KILLS_A_FOLDER = 5;
/** Kills fall within the time of a whole import; a later one finds less to do. */
const EARLIEST_MS = 100;
const LATEST_SHARE = 0.8;

export async function crashDuringImport({ folder, databases, random, kills, say }) {
  const files = recordings() ?? (await writtenFiles(join(folder, 'files'), random));
  say(`import of ${files.length} files`);
  const calm = await projectIn(folder, databases, 'import-undisturbed');
  const startedMs = performance.now();
  await importAll(calm, files);
  const wholeMs = performance.now() - startedMs;
  const expected = await contentsOf(calm.data);

  const totals = { kills: 0, files: files.length, objects: expected.length, folders: 0, revsMoved: 0 };
  const differences = [];
  const problems = [];
  while (totals.kills < kills) {
    const killed = await projectIn(folder, databases, `import-killed-${++totals.folders}`);
    for (let nth = 0; nth < KILLS_A_FOLDER && totals.kills < kills; nth++) {
      if (!(await importAndKill(killed, files, random.between(EARLIEST_MS, Math.ceil(wholeMs * LATEST_SHARE))))) break;
      totals.kills += 1;
    }
    await importAll(killed, files);
    differences.push(
      ...differencesOf(await contentsOf(killed.data), expected).map(
        ({ only, line }) => `import, only ${only}: ${line.slice(0, 2_000)}`,
      ),
    );
    const before = await revsOf(killed.data);
    await importAll(killed, files);
    totals.revsMoved += moved(before, await revsOf(killed.data));
    problems.push(...(await checkBytes(killed.data)).problems);
    say(`import killed ${totals.kills} times`);
  }
  return { ...totals, differences, problems };
}

async function projectIn(folder, databases, name) {
  const dir = join(folder, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'coach.config.json'), '{ "data": "data" }\n');
  const db = await databases?.create(name);
  return { dir, env: db ? { COACH_DB: db } : {}, data: db ?? join(dir, 'data') };
}

function begin({ dir, env }, files) {
  return startCoach(['import', ...files, '--athlete', 'ann', '--tz', 'Europe/Zurich', '--json'], { cwd: dir, env });
}

/** Every file has its rows, and none is told to be missing. */
async function importAll(project, files) {
  const running = begin(project, files);
  const { code } = await running.ended;
  const rows = running
    .output()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const answered = new Set(rows.map(({ file }) => file));
  // 2: some of the recordings are damaged, and stay so.
  if ((code !== 0 && code !== 2) || files.some((file) => !answered.has(file))) {
    throw new Error(`The import ended with ${code} and ${rows.length} rows:\n${running.errors()}`);
  }
  return rows;
}

/** @returns false when it was done before. */
async function importAndKill(project, files, afterMs) {
  const running = begin(project, files);
  const timer = setTimeout(() => running.kill('SIGKILL'), afterMs);
  const { signal } = await running.ended;
  clearTimeout(timer);
  return signal === 'SIGKILL';
}

function moved(before, after) {
  return [...after.objects].filter(([key, rev]) => before.objects.get(key) !== rev).length;
}

function recordings() {
  for (let dir = fileURLToPath(new URL('../..', import.meta.url)); dirname(dir) !== dir; dir = dirname(dir)) {
    const folder = join(dir, RECORDINGS);
    if (existsSync(folder))
      return readdirSync(folder)
        .filter((name) => name.endsWith('.fit'))
        .map((name) => join(folder, name));
  }
  return null;
}

/** Runs of the fake vendor, as files. */
async function writtenFiles(folder, random) {
  mkdirSync(folder, { recursive: true });
  const vendor = await fake.start({ port: 0, now: Date.now, random: random.next, log: silentLog });
  const files = [];
  for (let nth = 0; nth < WRITTEN_FILES; nth++) {
    const start = new Date(Date.UTC(2024, 0, 1 + nth, 7)).toISOString();
    const { activityId } = await vendor.act('run', { start, durationS: random.between(300, 4_000), deliver: ['none'] });
    const { base64 } = await vendor.act('file', { activityId });
    files.push(join(folder, `run-${nth}.fit`));
    writeFileSync(files.at(-1), Buffer.from(base64, 'base64'));
  }
  await vendor.close();
  return files;
}
