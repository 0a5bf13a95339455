/** Plays a story to a hub that is killed again and again, and keeps account of what was acknowledged. */
import { setTimeout as pause } from 'node:timers/promises';
import { deliver } from './callers.mjs';

const LANES_AT_ONCE = 8;
const LANES_AHEAD = 60;
/** Between two sendings of a lane: enough for a hub that reads what it takes in. */
const THINK_MS = 20;
/** A vendor and a phone wait before they repeat what was not answered, longer each time. */
const REPEAT_MS = 40;
const MOST_REPEAT_MS = 250;
const DRAIN_MS = 150;
const LOAD_MS = 900;

/** Where a kill may fall: while the hub starts, under load, or while it works off what it took in. */
const MOMENTS = ['start', 'load', 'load', 'drain'];

/**
 * @param phones by athlete's name.
 * @returns the account: `log` holds every event in the order in which the answers came, `doubtful` the deliveries that
 *   were never answered and not repeated, each with the activity it is about.
 */
export async function playUnderKills({ hub, story, phones, random, kills, say }) {
  const account = { log: [], doubtful: [], unanswered: 0, killed: { start: 0, load: 0, drain: 0 } };
  const gate = createGate();
  const waiting = [];
  let isOver = false;

  /** Makes up runs ahead, one at a time: the vendor's clock moves with each. */
  async function compose() {
    while (!isOver) {
      if (waiting.length < LANES_AHEAD) waiting.push(...shuffled(await story.nextRun(), random));
      await pause(THINK_MS / 4);
    }
  }

  async function sendUntilAnswered(event, isImpatient) {
    for (let waitMs = REPEAT_MS; ; ) {
      await gate.pass();
      const isAnswered = event.type === 'delivery' ? await deliver(hub.webhook, event.body) : await push(event);
      if (isAnswered) return true;
      account.unanswered += 1;
      if (isImpatient) return false;
      waitMs = Math.min(MOST_REPEAT_MS, waitMs * 1.5);
      await pause(waitMs);
    }
  }

  async function push(event) {
    const phone = phones.get(event.athlete);
    event.numbered ??= phone.numbered(event.mutation);
    return (await phone.push(event.numbered)) !== null;
  }

  async function play({ events, isImpatient, activityId }) {
    for (const event of events) {
      const attempt = () => sendUntilAnswered(event, isImpatient);
      // A phone sends its changes one after the other, whatever lane they come from.
      const isAnswered = await (event.type === 'mutation' ? phones.get(event.athlete).inTurn(attempt) : attempt());
      if (!isAnswered) {
        account.doubtful.push({ event, activityId });
        return;
      }
      account.log.push(event);
      await pause(THINK_MS);
    }
  }

  async function work() {
    while (!isOver) {
      const lane = waiting.shift();
      if (lane) await play(lane);
      else await pause(THINK_MS);
    }
  }

  const killer = async () => {
    for (let nth = 1; nth <= kills; nth++) {
      const moment = random.pick(MOMENTS);
      await killAt(hub, gate, moment, random);
      account.killed[moment] += 1;
      if (nth % 10 === 0 || nth === kills) say(`killed ${nth} times, ${account.log.length} acknowledged`);
    }
    await hub.start();
    isOver = true;
    gate.open();
  };
  await Promise.all([killer(), compose(), ...Array.from({ length: LANES_AT_ONCE }, work)]);
  return account;
}

/** Begins with a hub that does not run, and ends so. */
async function killAt(hub, gate, moment, random) {
  if (moment === 'start') {
    const starting = hub.start();
    await pause(random.between(20, hub.startMs));
    await hub.kill();
    await starting;
    return;
  }
  await hub.start();
  await pause(random.between(30, LOAD_MS));
  if (moment === 'drain') {
    gate.close();
    await pause(random.between(0, DRAIN_MS));
  }
  await hub.kill();
  gate.open();
}

function createGate() {
  let isClosed = false;
  const waiting = [];
  return {
    close() {
      isClosed = true;
    },
    open() {
      isClosed = false;
      for (const go of waiting.splice(0)) go();
    },
    pass: () => (isClosed ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  };
}

function shuffled(values, random) {
  const left = [...values];
  const order = [];
  while (left.length > 0) order.push(...left.splice(random.between(0, left.length - 1), 1));
  return order;
}
