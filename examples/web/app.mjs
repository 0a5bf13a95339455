/** The page: everything on it is read from the database in this browser; the hub is only told and asked. */
import { athleteFileName, createCoach } from '@coach-hub/mobile-sdk';
import { openWasm } from '@coach-hub/mobile-sdk/wasm';

const $ = (id) => document.getElementById(id);

/** An element with text or children. */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * Who is signed in. An app asks its own sign-in here; this example asks the small server it comes from, and remembers the
 * answer so that it starts without a network.
 */
async function whoAmI() {
  try {
    const { athleteId } = await (await fetch('session')).json();
    localStorage.setItem('athleteId', athleteId);
  } catch {
    // No network: the last one to sign in.
  }
  const athleteId = localStorage.getItem('athleteId');
  if (athleteId === null) throw new Error('Sign in once with a network.');
  return athleteId;
}

async function openCoach(athleteId) {
  const worker = new Worker('wasm-worker.js', { type: 'module' });
  const database = await openWasm(worker, athleteFileName(athleteId));
  return createCoach({
    database,
    athleteId,
    baseUrl: new URL('.', location.href).href,
    window: { activityDays: 400, planDays: 28 },
    async getToken() {
      const { token } = await (await fetch('session')).json();
      return token;
    },
  });
}

const kilometres = (metres) => `${(metres / 1000).toFixed(2)} km`;

/** What the watch decided, and what else was said. */
function decided({ data, alt, pending }) {
  const source = data.sources?.map(({ provider }) => provider).join(', ');
  const typed = alt.distanceM?.athlete;
  return [
    ...(source ? [`measured by ${source}`] : ['typed']),
    ...(typed === undefined ? [] : [`you typed ${kilometres(typed)}`]),
    ...(data.notes ? [`“${data.notes}”`] : []),
    ...(pending ? ['waits to be sent'] : []),
  ].join(' · ');
}

function runItem(coach, run) {
  const effort = element('select', { ariaLabel: `Effort on ${run.day}` });
  for (let rpe = 0; rpe <= 10; rpe++) {
    effort.append(element('option', { value: String(rpe), textContent: rpe === 0 ? 'effort?' : `effort ${rpe}` }));
  }
  effort.value = String(run.data.rpe ?? 0);
  effort.onchange = () => coach.activities.edit(run.id, { rpe: Number(effort.value) || null });
  const title = `${run.day} · ${run.data.distanceM ? kilometres(run.data.distanceM) : run.data.sport}`;
  return element(
    'li',
    { className: 'run' },
    element('strong', { textContent: title }),
    effort,
    element('p', { className: 'soft', textContent: decided(run) }),
  );
}

function dayItem(coach, { day, workouts }) {
  const name = new Date(`${day}T12:00:00Z`).toLocaleDateString('en', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });
  const [first] = workouts;
  const title = workouts.map(({ workout }) => workout.data.title).join(', ') || 'rest';
  const item = element(
    'li',
    { className: 'day' },
    element('span', { textContent: name }),
    element('span', { textContent: title }),
  );
  if (first?.completion)
    item.append(element('span', { className: 'soft', textContent: first.completion.data.outcome }));
  else if (first) {
    const done = element('button', { type: 'button', textContent: 'Done' });
    done.ariaLabel = `Done: ${title} on ${name}`;
    done.onclick = () => coach.workouts.complete(first.workout.id);
    item.append(done);
  }
  return item;
}

async function showStatus(coach) {
  const { state, queued, deadLetters } = await coach.status();
  const waiting = queued === 0 ? 'all sent' : `${queued} waiting`;
  const refused = deadLetters === 0 ? '' : ` · ${deadLetters} refused`;
  $('status').textContent = `${navigator.onLine ? state : 'offline'} · ${waiting}${refused}`;
}

async function start() {
  const coach = await openCoach(await whoAmI());
  const showWeek = async () =>
    $('week').replaceChildren(...(await coach.workouts.week()).map((day) => dayItem(coach, day)));
  coach.watch({ kind: 'planned_workout' }, showWeek);
  coach.watch({ kind: 'completion' }, showWeek);
  coach.watch({ kind: 'activity', limit: 30 }, (runs) => {
    const items = runs.map((run) => runItem(coach, run));
    $('runs').replaceChildren(...(items.length > 0 ? items : [element('li', { textContent: 'No run yet.' })]));
  });
  coach.onEvent(() => showStatus(coach));
  addEventListener('online', () => {
    coach.nudge();
    showStatus(coach);
  });
  addEventListener('offline', () => showStatus(coach));
  document.addEventListener('visibilitychange', () => document.hidden || coach.nudge());
  $('log').day.value = new Date().toLocaleDateString('sv');
  $('log').onsubmit = async (event) => {
    event.preventDefault();
    const { day, km, rpe, notes } = Object.fromEntries(new FormData(event.target));
    await coach.activities.log({
      sport: 'run',
      day,
      distanceM: Math.round(Number(km) * 1000),
      ...(rpe ? { rpe: Number(rpe) } : {}),
      ...(notes ? { notes } : {}),
    });
    event.target.km.value = event.target.notes.value = '';
  };
  coach.keepInSync();
  await showStatus(coach);
}

navigator.serviceWorker?.register('service-worker.js');
start().catch((error) => {
  $('status').textContent = error.message;
});
