import { describe, expect, it } from 'vitest';
import { createWorld } from './testing/phone.test-support.ts';

describe('the athlete’s time zone', () => {
  it('is written to the profile when the app starts', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone({ zone: 'Europe/Vienna' });
    await coach.sync();
    expect(hub.view('profile', 'profile')?.data).toEqual({ timeZone: 'Europe/Vienna' });
  });

  it('is written again when the phone has travelled, and not otherwise', async () => {
    const { hub, phone } = createWorld();
    const { coach, platform } = phone({ zone: 'Europe/Vienna' });
    await coach.sync();
    await coach.sync();
    platform.zone = 'America/Denver';
    await coach.sync();
    const pushed = hub.requests.flatMap((request) => request.body.push?.batch ?? []);
    expect(pushed.map((mutation) => mutation.set)).toEqual([
      { timeZone: 'Europe/Vienna' },
      { timeZone: 'America/Denver' },
    ]);
  });

  it('is not fought over by a phone on a journey and a tablet at home', async () => {
    const { hub, phone } = createWorld();
    const tablet = phone({ zone: 'Europe/Vienna' });
    const traveller = phone({ zone: 'Europe/Vienna' });
    await tablet.coach.sync();
    await traveller.coach.sync();
    traveller.platform.zone = 'America/Denver';
    for (const { coach } of [traveller, tablet, traveller, tablet]) await coach.sync();
    expect(hub.view('profile', 'profile')?.data.timeZone).toBe('America/Denver');
  });

  it('is left alone where the platform does not say', async () => {
    const { coach } = createWorld().phone({ zone: null });
    expect(await coach.status()).toMatchObject({ queued: 0 });
  });
});
