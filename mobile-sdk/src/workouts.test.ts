import { describe, expect, it } from 'vitest';
import { createWorld } from './testing/phone.test-support.ts';

/** A Monday to Sunday; the phone's clock stands at Sunday the 1st of March. */
const WEEK = ['2026-02-23', '2026-02-24', '2026-02-25', '2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01'];

function plannedWeek() {
  const world = createWorld();
  world.hub.device('planned_workout', 'pw_tue', { title: 'Tempo' }, '2026-02-24');
  world.hub.device('planned_workout', 'pw_sun_b', { title: 'Strides', slot: 1 }, '2026-03-01');
  world.hub.device('planned_workout', 'pw_sun_a', { title: 'Long', slot: 0 }, '2026-03-01');
  world.hub.device('planned_workout', 'pw_next', { title: 'Easy' }, '2026-03-02');
  return world;
}

describe('this week’s plan', () => {
  it('is seven days from Monday, with what is due and what became of it', async () => {
    const { coach } = plannedWeek().phone();
    await coach.sync();
    await coach.workouts.skip('pw_tue', 'a cold');
    const week = await coach.workouts.week();
    expect(week.map(({ day }) => day)).toEqual(WEEK);
    expect(week[6]?.workouts.map(({ workout }) => workout.data.title)).toEqual(['Long', 'Strides']);
    expect(week[1]?.workouts[0]?.completion?.data).toMatchObject({ outcome: 'skipped', reason: 'a cold' });
    expect((await coach.workouts.week('2026-03-05')).map(({ day }) => day)[0]).toBe('2026-03-02');
  });

  it('takes one word on a workout, however often it is said, and takes it back', async () => {
    const { hub, phone } = plannedWeek();
    const { coach } = phone();
    await coach.sync();
    const id = await coach.workouts.start('pw_sun_a');
    expect(await coach.workouts.complete('pw_sun_a', { rpe: 7, activityId: 'act_1' })).toBe(id);
    await coach.sync();
    expect(hub.view('completion', id)?.data).toMatchObject({
      plannedWorkoutId: 'pw_sun_a',
      outcome: 'done',
      rpe: 7,
      activityId: 'act_1',
      startedAt: '2026-03-01T08:00:00.000Z',
    });
    await coach.workouts.reopen('pw_sun_a');
    expect((await coach.workouts.week())[6]?.workouts[0]?.completion).toBeNull();
    await coach.sync();
    expect(await coach.workouts.skip('pw_sun_a')).toBe(id);
    await coach.sync();
    expect((await coach.workouts.week())[6]?.workouts[0]?.completion?.data).toMatchObject({ outcome: 'skipped' });
  });

  it('takes wishes for what lies ahead', async () => {
    const { coach } = plannedWeek().phone();
    await coach.sync();
    await coach.workouts.move('pw_next', '2026-03-03');
    await coach.workouts.lock('pw_next');
    expect((await coach.objects.get('planned_workout', 'pw_next'))?.data).toMatchObject({
      movedToDay: '2026-03-03',
      locked: true,
    });
  });
});
