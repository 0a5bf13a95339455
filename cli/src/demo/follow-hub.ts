/** While the demo serves on, its phone follows the hub: a long poll says that something is new, a sync fetches it. */
import { setTimeout as pause } from 'node:timers/promises';
import { counted } from '../screen/figures.ts';
import type { Style } from '../screen/style.ts';
import { activityLine } from './activity-line.ts';
import { createHubClient } from './hub-client.ts';
import type { Stage } from './open-stage.ts';

const RETRY_MS = 1_000;

/** Runs until `stop`. A hub that does not answer is asked again; nothing here can end the demo. */
export function followHub(
  { phone, url, athlete }: Stage,
  deps: { stop: AbortSignal; say(text: string): void; style: Style },
): void {
  const { stop, say, style } = deps;
  const headers = { 'sync-protocol': '1', 'sync-client': 'c_demo-follower' };
  const api = createHubClient({ url, token: athlete.token, headers, signal: stop });
  let known = new Set(phone.screen().map(({ id, rev }) => `${id} ${rev}`));
  phone.onScreen((activities) => {
    const fresh = activities.filter(({ id, rev }) => !known.has(`${id} ${rev}`));
    known = new Set(activities.map(({ id, rev }) => `${id} ${rev}`));
    for (const each of fresh)
      say(
        `\n${style.accent('phone')}  ${activityLine(each.data)}  ${style.faint(`${counted(activities.length, 'run')} now`)}`,
      );
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
