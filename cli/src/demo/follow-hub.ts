/** While the demo serves on, its phone follows the hub: a long poll says that something is new, a sync fetches it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CoachObject } from '@coach-hub/mobile-sdk';
import { counted } from '../screen/figures.ts';
import type { Style } from '../screen/style.ts';
import { activityLine } from './activity-line.ts';
import { createHubClient } from './hub-client.ts';
import type { Stage } from './open-stage.ts';
import type { Phone } from './phone.ts';

const RETRY_MS = 1_000;

/** What of the stage is followed. */
export interface Followed {
  url: string;
  athlete: Pick<Stage['athlete'], 'token'>;
  phone: Pick<Phone, 'screen' | 'onScreen'> & { coach: Pick<Phone['coach'], 'sync'> };
}

/** Runs until `stop`. A hub that does not answer is asked again; nothing here can end the demo. */
export function followHub(
  { phone, url, athlete }: Followed,
  deps: { stop: AbortSignal; say(text: string): void; style: Style },
): void {
  const { stop, say, style } = deps;
  const headers = { 'sync-protocol': '1', 'sync-client': 'c_demo-follower' };
  const api = createHubClient({ url, token: athlete.token, headers, signal: stop });
  // By what it shows: a run comes as summary and as file, and the second often tells the list nothing new.
  const linesOf = (activities: readonly CoachObject[]) =>
    new Map(activities.map(({ id, data }) => [id, activityLine(data)]));
  let known = linesOf(phone.screen());
  phone.onScreen((activities) => {
    const lines = linesOf(activities);
    const fresh = [...lines].filter(([id, line]) => known.get(id) !== line);
    known = lines;
    const total = style.faint(`${counted(activities.length, 'run')} now`);
    for (const [, line] of fresh) say(`\n${style.accent('phone')}  ${line}  ${total}`);
  });
  void (async () => {
    for (let rev: number | null = null; !stop.aborted; ) {
      try {
        const after: string = rev === null ? '' : `?after=${rev}`;
        const head = await api.get<{ rev: number }>(`/v1/sync/head${after}`);
        if (head.rev !== rev) await phone.coach.sync({ signal: stop });
        rev = head.rev;
      } catch {
        await pause(RETRY_MS, undefined, { signal: stop }).catch(() => undefined);
      }
    }
  })();
}
