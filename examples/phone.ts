/** A phone in ten lines: logs a run offline, then syncs with a hub. Run by `phone.test.ts`. */
import { createCoach } from '@coach-hub/mobile-sdk';
import { openBetterSqlite3 } from '@coach-hub/mobile-sdk/better-sqlite3';

/** Logs a run, shows what the screen would show, and syncs. Returns the lines shown and how the sync ended. */
export async function phone(file: string, baseUrl: string, token: string) {
  const shown: string[] = [];
  const database = openBetterSqlite3(file);
  const coach = createCoach({ database, baseUrl, getToken: async () => token });
  coach.watch({ kind: 'activity' }, (runs) =>
    shown.push(runs.map(({ data }) => `${data.distanceM} m, RPE ${data.rpe}`).join()),
  );
  const id = await coach.activities.log({ sport: 'run', distanceM: 10_000, rpe: 7, notes: 'windy' });
  const { state, pushed } = await coach.sync();
  const run = await coach.activities.get(id);
  await coach.close();
  await database.close();
  return { shown, state, pushed, run };
}
