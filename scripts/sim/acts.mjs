/** What happens in a simulation, one act a step: athletes write, engines plan, messages move, machines die. */
import { cutAtStart, cutHub, cutOfSeed, cutPhone } from './cuts.mjs';
import { frozenBy, pastOf } from './plans.mjs';
import { DAY_MS, dayAt, HOUR_MS, MINUTE_MS, START_MS } from './times.mjs';
import { beginSync, clone, newPhone, quiet } from './world.mjs';

const STEPS = [
  [30, write],
  [16, beginSync],
  [40, moveMessage],
  [8, upload],
  [6, replan],
  [5, doWorkout],
  [3, moveWorkout],
  [6, passTime],
  [5, cutPhone],
  [5, cutHub],
  [2, setClock],
  [2, takeBackup],
  [3, restoreBackup],
  [4, clone],
  [2, newPhone],
  [8, readLetters],
];

const WEIGHTS = STEPS.reduce((sum, [weight]) => sum + weight, 0);

export async function step(world) {
  let at = world.random.between(1, WEIGHTS);
  const [, act] = STEPS.find(([weight]) => {
    at -= weight;
    return at <= 0;
  });
  world.advance(world.random.between(0, 20_000));
  await act(world, world.random.pick(world.phones));
  await quiet();
  await raise(world);
}

/** Starts again what died in this step. */
async function raise(world) {
  for (const phone of world.phones) {
    if (!phone.power().isDead()) continue;
    world.tell(`${phone.name} died ${phone.power().wasCutAt()}`);
    world.network.hangUp(phone.name);
    await phone.restart(cutAtStart(world));
    await phone.coach.status().catch(() => undefined);
    if (phone.power().isDead()) await phone.restart(null);
    phone.power().keepOn();
    for (const line of await world.record.afterRestart(phone)) world.fail(line);
    if (world.random.chance(0.8)) phone.power().cutLater(cutOfSeed(world.seed, world.random));
  }
  if (world.hub.power().isDead()) {
    world.tell(`the hub died ${world.hub.power().wasCutAt()}`);
    await world.hub.restart(cutAtStart(world));
  }
}

/** Athletes write what nobody else writes, so that who won can be told. */
async function write(world, phone) {
  const { random } = world;
  const objects = await seen(phone);
  const number = ++world.writes;
  const isNew = objects.length === 0 || random.chance(0.35);
  const object = isNew ? null : random.pick(objects);
  const fields = {};
  for (const field of ['title', 'notes']) if (random.chance(0.6)) fields[field] = `${field} ${number}`;
  // Now and then more than the scale has: the hub refuses it.
  if (random.chance(0.5)) fields.rpe = random.chance(0.12) ? 99 : random.between(1, 10);
  if (Object.keys(fields).length === 0) fields.notes = `notes ${number}`;
  const op = isNew ? 'put' : random.chance(0.12) ? 'delete' : random.chance(0.08) ? 'restore' : 'patch';
  const day = new Date(START_MS - random.between(0, 60) * DAY_MS).toISOString().slice(0, 10);
  // Now and then of an object that is not there (any more).
  const isLost = object !== null && random.chance(0.04);
  const id = isLost || object === null ? `act_${random.uuid().replaceAll('-', '')}` : object.id;
  const set = op === 'put' ? { sport: 'run', day, ...fields } : fields;
  await save(world, phone, { kind: 'activity', id, op, set });
}

/** One write of an athlete, and what has to hold of it at once. */
async function save({ record, tell, fail }, phone, one) {
  const { kind, id, op, set } = one;
  const begun = record.begins(phone, one);
  try {
    const { objects: api } = phone.coach;
    if (op === 'put' || op === 'patch') await api[op](kind, id, set);
    else await api[op](kind, id);
  } catch (error) {
    tell(`${phone.name} does not get to ${op} ${id}: ${error.message}`);
    if (!phone.power().isDead()) record.refused(begun, error, fail);
    return;
  }
  record.told(begun);
  tell(`${phone.name} ${op} ${kind} ${id} ${JSON.stringify(op === 'delete' || op === 'restore' ? {} : set)}`);
  try {
    for (const line of await record.readsItsOwn(phone, begun)) fail(line);
  } catch (error) {
    if (!phone.power().isDead()) throw error;
  }
}

/** An engine makes the plan anew, now and then from a version that is not the newest, or reaching for the past. */
async function replan(world) {
  const { random, hub, clock, tell, fail } = world;
  const athleteId = random.pick(world.athletes);
  const today = dayAt(clock.now());
  const plan = hub.look((all) => all("select data from object where kind = 'plan' and athlete_id = ?", athleteId));
  const version = plan.length === 0 ? 0 : JSON.parse(plan[0].data).version;
  const workouts = Array.from({ length: random.between(2, 5) }, () => ({
    day: dayAt(clock.now() + random.between(-2, 5) * DAY_MS),
    sport: 'run',
    title: random.pick(['easy', 'tempo', 'long']),
  }));
  const readVersion = random.chance(0.15) ? version + 1 : version;
  const effectiveFrom = dayAt(clock.now() - random.between(0, 3) * DAY_MS);
  const before = hub.look((all) => pastOf(all, athleteId));
  const outcome = await hub.replan({ athleteId, today, readVersion, workouts, effectiveFrom });
  tell(
    `the plan of ${athleteId} is made anew: ${outcome?.outcome ?? 'nothing came of it'} ${outcome?.effectiveFrom ?? ''}`,
  );
  const after = hub.look((all) => pastOf(all, athleteId));
  for (const line of frozenBy(before, after, today)) fail(line);
}

async function shownWorkouts(phone) {
  try {
    return await phone.coach.objects.list('planned_workout');
  } catch {
    return [];
  }
}

/** Done, begun or skipped, whatever the plan became meanwhile. */
async function doWorkout(world, phone) {
  const { random } = world;
  const workouts = await shownWorkouts(phone);
  if (workouts.length === 0) return;
  const set = { plannedWorkoutId: random.pick(workouts).id, outcome: random.pick(['started', 'done', 'skipped']) };
  const id = `done_${random.uuid().replaceAll('-', '')}`;
  await save(world, phone, { kind: 'completion', id, op: 'put', set });
}

async function moveWorkout(world, phone) {
  const { random, clock } = world;
  const workouts = await shownWorkouts(phone);
  if (workouts.length === 0) return;
  const movedToDay = dayAt(clock.now() + random.between(0, 5) * DAY_MS);
  await save(world, phone, { kind: 'planned_workout', id: random.pick(workouts).id, op: 'patch', set: { movedToDay } });
}

/** The athlete looks at what was refused, and lets one go or tries it again. */
async function readLetters({ random, record, tell }, phone) {
  try {
    const letters = await phone.coach.deadLetters();
    if (letters.length === 0) return;
    const letter = random.pick(letters);
    const { mid } = letter;
    const act = random.pick(['retry', 'discard']);
    tell(`${phone.name} will ${act} ${mid}`);
    record.decided.add(mid);
    const begun = act === 'retry' ? record.begins(phone, letter) : null;
    await phone.coach[act](mid);
    if (begun !== null) record.told(begun);
  } catch (error) {
    if (!phone.power().isDead() && error.code !== 'not_found') throw error;
  }
}

async function seen(phone) {
  try {
    return await phone.coach.objects.list('activity');
  } catch {
    return [];
  }
}

async function moveMessage({ random, network, record, tell }) {
  if (network.waiting.length === 0) return;
  const message = random.pick(network.waiting);
  const fate = random.next();
  if (fate < 0.15) {
    tell(`the network loses the ${message.is} of ${message.phone}`);
    message.lose();
  } else if (fate < 0.25 && message.sendTwice) {
    tell(`the network brings the request of ${message.phone}, and will once more`);
    await message.sendTwice();
  } else {
    tell(`the network brings the ${message.is} of ${message.phone}`);
    if (message.is === 'answer') record.heard(message.phone);
    await message.send();
  }
}

/** A watch's record of a run: a new one, one of a run that was logged by hand, or another version of an older one. */
async function upload(world) {
  const { random, hub, uploads, record } = world;
  const athleteId = random.pick(world.athletes);
  const own = uploads.filter((each) => each.athleteId === athleteId);
  const again = own.length > 0 && random.chance(0.3) ? random.pick(own) : null;
  const startedAt = freeStart(world, athleteId, own);
  const one = again ?? { athleteId, externalId: `run-${uploads.length + 1}`, startedAt, version: 0 };
  one.version += 1;
  const fields = { sport: 'run', startedAt: one.startedAt, elapsedS: 3_000, timerS: 3_000 };
  fields.distanceM = 10_000 + one.version;
  if (again === null) uploads.push(one);
  const isStored = await hub.upload({ ...one, fields });
  world.tell(
    `the watch of ${athleteId} uploads ${one.externalId}, version ${one.version}${isStored ? '' : ', in vain'}`,
  );
  if (isStored) record.uploaded(one, fields);
}

/** A start that no other upload of the athlete is near: two records of one run show one of them, whichever ranks higher. */
function freeStart({ random, record }, athleteId, own) {
  const logs = record.writes.filter(({ phone, set }) => phone.athleteId === athleteId && set.sport === 'run');
  for (;;) {
    // Often the run of a day that was logged by hand: the two become one.
    const day = logs.length > 0 && random.chance(0.7) ? random.pick(logs).set.day : null;
    const dayMs = day === null ? START_MS - random.between(0, 60) * DAY_MS : Date.parse(`${day}T08:00:00.000Z`);
    const startedMs = dayMs + random.between(0, 10) * HOUR_MS + random.between(0, 59) * MINUTE_MS;
    if (!own.some((each) => Math.abs(Date.parse(each.startedAt) - startedMs) < 2 * HOUR_MS))
      return new Date(startedMs).toISOString();
  }
}

function passTime({ random, advance, tell }) {
  const ms = random.pick([MINUTE_MS, 11 * MINUTE_MS, HOUR_MS, DAY_MS]);
  advance(ms);
  tell(`${ms / MINUTE_MS} minutes pass`);
}

function setClock({ random, tell }, phone) {
  phone.clockErrorMs = random.pick([0, -DAY_MS, DAY_MS, -40_000, 200_000]);
  tell(`the clock of ${phone.name} is ${phone.clockErrorMs / 1_000} s off`);
}

async function takeBackup(world) {
  const { hub, record, random, seed, tell } = world;
  if (random.chance(0.5)) hub.power().cutLater(cutOfSeed(seed, random));
  const folder = await hub.backUp();
  if (folder === null) {
    tell('the hub dies over its backup');
    return;
  }
  world.backup = { folder, record: record.copyOfHub(), uploads: world.uploads.map((each) => ({ ...each })) };
  tell('the hub is backed up');
}

async function restoreBackup(world) {
  const { backup, hub, record, tell } = world;
  if (backup === null) return;
  await hub.restore(backup.folder);
  record.backTo(backup.record);
  tell('the hub is restored from its backup');
}
