/** The hooks on a page of their own: a list that follows the database, a name, a status line, and a button. */
import { athleteFileName, createCoach } from '@coach-hub/mobile-sdk';
import { CoachProvider, useCoach, useObject, useObjects, useSyncStatus } from '@coach-hub/mobile-sdk/react';
import { openWasm } from '@coach-hub/mobile-sdk/wasm';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

function Runs() {
  const coach = useCoach();
  const runs = useObjects('activity', { limit: 10 });
  const settings = useObject('settings', 'settings');
  const status = useSyncStatus();
  if (runs === undefined) return createElement('p', null, 'Opening …');
  return createElement(
    'main',
    null,
    createElement('p', { id: 'status' }, status === undefined ? '' : `${status.state}, ${status.queued} waiting`),
    createElement('p', { id: 'units' }, settings?.data.units ?? 'no units'),
    createElement(
      'ul',
      null,
      runs.map((run) => createElement('li', { key: run.id }, run.data.title)),
    ),
    createElement(
      'button',
      { type: 'button', onClick: () => coach.activities.log({ sport: 'run', title: `Run ${runs.length + 1}` }) },
      'Log a run',
    ),
  );
}

const { athleteId, token } = await (await fetch('session')).json();
const worker = new Worker('wasm-worker.js', { type: 'module' });
const database = await openWasm(worker, athleteFileName(`${athleteId} with hooks`));
const coach = createCoach({
  database,
  baseUrl: new URL('.', location.href).href,
  getToken: async () => token,
});
createRoot(document.body).render(createElement(CoachProvider, { coach }, createElement(Runs)));
