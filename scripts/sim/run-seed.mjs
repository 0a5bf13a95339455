/**
 * One simulation: athletes, their phones, a hub and a bad network, all drawn by a seed. What happens to whom is decided
 * one step at a time; after each step everything comes to rest, so a seed always tells the same story.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './acts.mjs';
import { makeFolder, makeTemplate } from './hub.mjs';
import { checkAtRest } from './invariants.mjs';
import { statementsSeen } from './power.mjs';
import { addPhone, beginSync, createWorld, quiet } from './world.mjs';

/** Syncs after which a phone with a good network has nothing left to send or read. */
const MOST_SYNCS = 40;

export { INVARIANTS } from './invariants.mjs';
export { statementsSeen };

let templates = 0;

/** @returns what runs seeds in `folder`. */
export async function openSimulator(folder) {
  const template = join(folder, `template-${templates++}`);
  makeFolder(template);
  await makeTemplate(template);
  return (seed) => runSeed(seed, join(folder, `seed-${seed}`), template);
}

/** @returns `{ seed, failures, history }`: what was found, and what happened up to then. */
async function runSeed(seed, folder, template) {
  makeFolder(folder);
  const world = await createWorld(seed, folder, template);
  try {
    for (let left = world.random.between(30, 90); left > 0 && world.failures.length === 0; left--) await step(world);
    if (world.failures.length === 0) await comeToRest(world);
  } catch (error) {
    world.failures.push(`The simulation stopped: ${error?.stack ?? error}`);
  } finally {
    await closeAll(world);
    rmSync(folder, { recursive: true, force: true });
  }
  return { seed, failures: world.failures, history: world.history };
}

/** The network is good and nobody dies: whatever is under way ends, all is sent and read. */
async function comeToRest(world) {
  world.tell('from now on all is well');
  const { hub, phones, network } = world;
  hub.power().keepOn();
  for (const phone of phones) phone.power().keepOn();
  // Watches send again what the hub has forgotten, as vendors do when they are asked for their history.
  for (const one of world.uploads) {
    const fields = {
      sport: 'run',
      startedAt: one.startedAt,
      elapsedS: 3_000,
      timerS: 3_000,
      distanceM: 10_000 + one.version,
    };
    await hub.upload({ ...one, fields });
    world.record.uploaded(one, fields);
  }
  for (let round = 0; round < MOST_SYNCS; round++) {
    for (const phone of phones) beginSync(world, phone);
    while (network.waiting.length > 0 || phones.some(({ syncing }) => syncing)) {
      await quiet();
      await network.waiting[0]?.send();
    }
    world.advance(1_000);
    if (round >= 2 && (await queued(phones)) === 0) break;
  }
  const observer = addPhone(world, 'ann');
  const others = world.athletes.slice(1).map((athleteId) => addPhone(world, athleteId));
  for (const phone of [observer, ...others]) {
    beginSync(world, phone);
    while (phone.syncing) {
      await quiet();
      await network.waiting[0]?.send();
    }
  }
  await checkAtRest(world);
}

async function queued(phones) {
  let sum = 0;
  for (const { coach } of phones) sum += (await coach.status()).queued;
  return sum;
}

async function closeAll({ hub, phones }) {
  for (const phone of phones) await phone.close();
  await hub.close();
}
