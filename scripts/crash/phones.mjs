/**
 * A phone, killed while it writes and while it syncs, its hub now and then with it: what the screen was told is there,
 * once, on the phone and then in the hub.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createCoach } from '@coach-hub/mobile-sdk';
import { openBetterSqlite3 } from '@coach-hub/mobile-sdk/better-sqlite3';
import { makeHub } from './hub.mjs';
import { plainEnvironment, startNode } from './process.mjs';
import { startVendor } from './vendor.mjs';

const PROGRAM = fileURLToPath(new URL('phone-process.mjs', import.meta.url));
const LONGEST_MS = 700;
const SYNCS = 50;

export async function crashPhones({ folder, databases, random, kills, say }) {
  const world = await startVendor({ random, nowMs: Date.now() });
  const hub = await makeHub({ folder, databases, vendor: world.vendor, origin: world.tape.url, name: 'phone-hub' });
  const token = await hub.tokenOf('ann');
  const file = join(folder, 'phone.db');
  await hub.start();
  /** Title → what the screen was told last, and what was begun after. */
  const runs = new Map();
  const totals = { kills: 0, hubKills: 0, writesAcknowledged: 0 };
  for (; totals.kills < kills; totals.kills++) {
    const phone = startNode([PROGRAM, file, hub.url, token, String(runs.size)], {
      cwd: folder,
      env: plainEnvironment(),
    });
    await phone.says('\n');
    await pause(random.between(0, LONGEST_MS));
    const isHubToo = random.chance(0.3);
    await Promise.all([phone.kill(), isHubToo && hub.kill()]);
    totals.writesAcknowledged += take(phone.output(), phone.errors(), runs);
    if (!isHubToo) continue;
    totals.hubKills += 1;
    await hub.start();
  }
  say(`a phone killed ${totals.kills} times, ${totals.writesAcknowledged} writes told to its screen`);

  const onPhone = await shownBy({ file, hub, token });
  const differences = differencesOf(runs, onPhone.before, 'the phone');
  differences.push(...differencesOf(runs, onPhone.after, 'the phone, synced'));
  const other = await shownBy({ file: join(folder, 'other-phone.db'), hub, token });
  differences.push(...differencesOf(runs, other.after, 'another phone'));
  const problems = [...onPhone.problems, ...other.problems];
  await hub.stop();
  await world.close();
  return { ...totals, objects: other.after.length, revsMoved: 0, differences, problems };
}

/** Reads what a phone said; its last line may be cut. @returns writes its screen was told of. */
function take(output, errors, runs) {
  const lines = output.split('\n').slice(0, -1);
  if (lines.length === 0) throw new Error(`The phone ended by itself:\n${errors}`);
  let told = 0;
  for (const { begins, told: done, shows } of lines.map((line) => JSON.parse(line))) {
    if (begins !== undefined) runs.set(begins, { ...runs.get(begins), begun: shows });
    else {
      runs.set(done, { told: shows });
      told += 1;
    }
  }
  return told;
}

/** What the screen shows at once, and after everything is sent and read. */
async function shownBy({ file, hub, token }) {
  const database = openBetterSqlite3(file);
  const coach = createCoach({ database, baseUrl: hub.url, getToken: async () => token });
  const list = async () => (await coach.activities.list()).map(({ data }) => ({ title: data.title, rpe: data.rpe }));
  const before = await list();
  const problems = [];
  for (let syncs = 0; ; syncs++) {
    const { state, error } = await coach.sync();
    if (state === 'idle' && (await coach.status()).queued === 0) break;
    if (syncs === SYNCS) {
      problems.push(`the phone is not done after ${SYNCS} syncs: ${state} ${error?.message ?? ''}`);
      break;
    }
  }
  const letters = await coach.deadLetters();
  problems.push(...letters.map(({ code, detail }) => `the hub refused a change: ${code} ${detail}`));
  const after = await list();
  await coach.close();
  await database.close();
  return { before, after, problems };
}

/** A write that was begun and not told may be there or not, whole. */
function differencesOf(runs, shown, where) {
  const found = new Map();
  for (const run of shown) found.set(run.title, [...(found.get(run.title) ?? []), run.rpe]);
  const differences = [...found.keys()]
    .filter((title) => !runs.has(title))
    .map((title) => `${where} shows "${title}", which nobody logged`);
  for (const [title, run] of runs) {
    const allowed = [...('begun' in run ? [run.begun] : []), run.told ?? null];
    const rpes = found.get(title) ?? [null];
    if (rpes.length === 1 && allowed.includes(rpes[0])) continue;
    differences.push(`${where} shows "${title}" with effort ${rpes.join(' and ')}, told was ${allowed.join(' or ')}`);
  }
  return differences;
}
