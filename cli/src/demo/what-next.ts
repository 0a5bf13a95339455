/** Three commands worth trying while the demo serves on, ready to be pasted into another terminal. */
import { relative } from 'node:path';
import { controlOf } from '../serve/start-fake.ts';
import { type Stage, SUBJECT } from './open-stage.ts';

const DAY_MS = 86_400_000;

export interface Suggestion {
  why: string;
  command: string;
}

export async function whatNext(
  { folder, athlete, url, provider, ports }: Stage,
  runId: string,
  cwd: string,
): Promise<Suggestion[]> {
  const data = `--data ${relative(cwd, folder.data) || folder.data}`;
  const control = await controlOf(provider.fake);
  // A day earlier, so that it is a run of its own and not another account of the one in the story.
  const start = new Date(ports.clock.now() - DAY_MS).toISOString().slice(0, 19);
  const another = JSON.stringify({ distanceM: 5_000, durationS: 1_500, start: `${start}Z` });
  const token = `$(npx coach token --athlete ${SUBJECT} ${data} 2>/dev/null)`;
  return [
    {
      why: 'who decided each field',
      command: `npx coach explain activity ${runId} --athlete ${athlete.athleteId} ${data}`,
    },
    {
      why: 'heart rate and speed in 20 points',
      command: `curl -s "${url}/v1/objects/activity/${runId}/series?channels=heartRateBpm,speedMps&points=20" -H "Authorization: Bearer ${token}"`,
    },
    control === null
      ? { why: 'is everything in order?', command: `npx coach doctor ${data}` }
      : {
          why: 'the watch records a second run, which arrives in this terminal',
          command: `curl -s ${control}/act/run -H "Content-Type: application/json" -d '${another}'`,
        },
  ];
}
