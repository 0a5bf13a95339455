/**
 * What is told to a hub, made up as it goes: lanes of deliveries and lanes of an athlete's edits.
 *
 * A lane is sent in its order, one after the other, each repeated until it is answered, as a vendor and a phone do;
 * lanes are sent side by side. Statements of one form of one activity share a lane, because the vendor gives no version
 * and the order of receipt decides between them. Everything else may come in any order.
 */
import { randomUUID } from 'node:crypto';

const DAY_MS = 86_400_000;
/** Every athlete runs once a day, so that each log finds its run. */
const FIRST_DAY_MS = Date.UTC(2024, 0, 1, 7);
/** Runs told in one body lie on days of their own, one a day, backwards. */
const BATCH_RUNS = 3;
const FIRST_BATCH_MS = Date.UTC(2012, 0, 1, 7);

const delivery = (body) => ({ type: 'delivery', body });

/**
 * @param athletes `{ name, userId }`
 * @param leavers the same; each runs once, and ends the authorisation at the vendor right after.
 * @returns `nextRun()`, which makes up the next run and resolves with its lanes:
 *   `{ events, isImpatient, activityId }`, an impatient one is given up when it is not answered.
 */
export function createStory({ random, vendor, athletes, leavers }) {
  const stillThere = [...leavers];
  let told = 0;
  const logs = new Map(athletes.map(({ name }) => [name, 0]));

  async function nextRun() {
    const athlete = athletes[told % athletes.length];
    const day = Math.floor(told / athletes.length);
    told += 1;
    const draw = random.next();
    if (draw < 0.1) return manualRun(athlete, FIRST_DAY_MS + day * DAY_MS);
    if (draw < 0.15 && stillThere.length > 0) return leave(stillThere.shift(), FIRST_DAY_MS);
    if (draw < 0.2) return batch(athlete, FIRST_BATCH_MS + day * BATCH_RUNS * DAY_MS);
    return watchRun(athlete, FIRST_DAY_MS + day * DAY_MS);
  }

  /** Summary with its corrections, details, file: pushed or by ping, some of it twice. */
  async function watchRun({ name, userId }, startMs) {
    const isLong = random.chance(0.06);
    const durationS = isLong ? random.between(1_500, 4_000) : random.between(60, 300);
    const { activityId } = await vendor.act('run', {
      userId,
      start: new Date(startMs).toISOString(),
      durationS,
      distanceM: durationS * 3,
      hr: random.between(120, 175),
      pauseS: random.chance(0.2) ? 30 : 0,
      deliver: ['none'],
    });
    const send = async (...deliver) => (await vendor.act('redeliver', { activityId, deliver })).bodies.map(delivery);
    const isPulled = random.chance(0.3);
    const summaries = await send('summary', isPulled ? 'ping' : 'push');
    // What is pulled is always the newest, so a pulled run is not corrected.
    const corrections = isPulled ? 0 : random.between(0, 3);
    for (let nth = 0; nth < corrections; nth++) {
      const change = { activityId, distanceM: durationS * 3 + random.between(-90, 90), title: `Edit ${nth}` };
      summaries.push(...(await vendor.act('edit', change)).bodies.map(delivery));
    }
    const lanes = [summaries, await send('details', random.chance(0.4) ? 'ping' : 'push')];
    for (let copies = random.between(1, 2); copies > 0; copies--) lanes.push(await send('file'));
    const repeated = lanes.map((lane) => (random.chance(0.25) ? [...lane, random.pick(lane)] : lane));
    if (random.chance(0.5)) repeated.push(logOf(name, startMs));
    return repeated.map((events) => ({ events, isImpatient: false, activityId: String(activityId) }));
  }

  /** Typed at the vendor, sent once. */
  async function manualRun({ userId }, startMs) {
    const said = await vendor.act('manual', {
      userId,
      start: new Date(startMs).toISOString(),
      distanceM: random.between(3_000, 15_000),
    });
    const events = said.bodies.map(delivery);
    return [{ events, isImpatient: random.chance(0.7), activityId: String(said.activityId) }];
  }

  /** What was acknowledged before an authorisation ended counts. */
  async function leave({ userId }, startMs) {
    const start = new Date(startMs).toISOString();
    const run = await vendor.act('run', { userId, start, durationS: 120, deliver: ['summary', 'details', 'push'] });
    const left = await vendor.act('deregister', { userId });
    const events = [...run.bodies, ...left.bodies].map(delivery);
    return [{ events, isImpatient: false, activityId: String(run.activityId) }];
  }

  /** Several runs in one body, with one item nobody can read, and an account that nobody connected. */
  async function batch({ userId }, startMs) {
    const made = await vendor.act('run', {
      userId,
      start: new Date(startMs).toISOString(),
      durationS: random.between(60, 300),
      count: BATCH_RUNS,
      deliver: ['summary', 'push'],
    });
    const { activities } = JSON.parse(made.bodies[0]);
    const bad = { summaryId: `bad-${told}`, durationInSeconds: 600 };
    const stranger = { ...activities[0], userId: `stranger-${told}`, summaryId: `${told}`, activityId: told };
    const place = random.between(0, activities.length);
    activities.splice(place, 0, bad, stranger);
    const events = [delivery(JSON.stringify({ activities }))];
    return [{ events, isImpatient: false, activityId: String(made.activityId) }];
  }

  /** The run as the athlete logs it, and what they think of it later. */
  function logOf(name, startMs) {
    const id = `act_log_${name}_${startMs}`;
    const day = new Date(startMs).toISOString().slice(0, 10);
    const mutation = (minutes, op, set) => ({
      type: 'mutation',
      athlete: name,
      mutation: {
        mid: randomUUID(),
        stamp: `${startMs + minutes * 60_000}:0000`,
        kind: 'activity',
        id,
        op,
        set,
      },
    });
    logs.set(name, logs.get(name) + 1);
    return [
      mutation(120, 'put', { sport: 'run', day, distanceM: 1_000, rpe: random.between(1, 10), notes: 'windy' }),
      ...(random.chance(0.6) ? [mutation(125, 'patch', { rpe: random.between(1, 10) })] : []),
      ...(random.chance(0.3) ? [mutation(130, 'patch', { title: `Mine ${logs.get(name)}` })] : []),
    ];
  }

  return { nextRun };
}
