/** Who decided what; the series of the run; and the watch's own file, byte for byte. */
import { createHash } from 'node:crypto';
import type { Explanation, FieldExplanation, SeriesAnswer } from '@coach-hub/core';
import { explanationScreen } from '../../screen/explanation.ts';
import { bytes, count } from '../../screen/figures.ts';
import type { Style } from '../../screen/style.ts';
import type { Teller } from '../narrator.ts';
import type { Stage } from '../open-stage.ts';
import type { WatchRun } from './watch-run.ts';

/** The fields the story is about; "coach explain" shows all of them. */
const SHOWN = ['startedAt', 'distanceM', 'timerS', 'avgHeartRateBpm', 'ascentM', 'sport', 'rpe', 'notes'];
const POINTS = 500;

export async function whoDecided(
  stage: Stage,
  tell: Teller,
  typedId: string,
  watch: WatchRun,
  style: Style,
): Promise<void> {
  const { athlete, provider } = stage;
  const path = `/v1/objects/activity/${typedId}`;
  const explanation = await athlete.api.get<Explanation>(`${path}/explain`);
  const fields = explanation.fields.filter(({ field }) => SHOWN.includes(field));
  tell.block(
    `\n${explanationScreen({ ...explanation, fields, aliases: [] }, style)
      .split('\n\n')
      .slice(1, -1)
      .join('\n\n')}\n`,
  );
  const by = (name: string) => decidedBy(explanation.fields, name);
  tell.check('each field has the source that knows best', {
    expected: {
      distanceM: `provider:${provider.id}`,
      avgHeartRateBpm: `provider:${provider.id}`,
      rpe: 'athlete',
      notes: 'athlete',
    },
    got: { distanceM: by('distanceM'), avgHeartRateBpm: by('avgHeartRateBpm'), rpe: by('rpe'), notes: by('notes') },
  });

  const { series } = await athlete.api.get<SeriesAnswer>(`${path}/series?points=${POINTS}`);
  const channels = series.flatMap((each) => Object.keys(each.channels));
  const points = Math.max(0, ...series.map((each) => each.timeS.length));
  tell.fact(
    'series',
    `${channels.length} channels, ${count(watch.records)} records thinned to ${count(points)} points`,
  );
  tell.check('time series come with the object', {
    expected: true,
    got: channels.includes('heartRateBpm') && points > 2 && points <= POINTS,
  });

  const file = await athlete.api.bytes(`${path}/file`);
  const sha256 = createHash('sha256').update(file).digest('hex');
  tell.fact('file', `${bytes(file.length)}, SHA-256 ${sha256.slice(0, 12)}…`);
  tell.check('the watch’s file comes back byte for byte', { expected: watch.sha256, got: sha256 });
}

function decidedBy(fields: readonly FieldExplanation[], name: string): string | null {
  return fields.find(({ field }) => field === name)?.decidedBy ?? null;
}
