/** Picks a provider for the story by what its fake can do, whatever the provider is called. */
import { HubError, type RunningFake } from '@coach-hub/core';
import type { FoundPlugins } from '../project/find-plugins.ts';
import { runFake } from '../serve/start-fake.ts';

/** An athlete who connects, and a watch that records a run: the story needs both. */
const NEEDED = ['consent', 'run'];

export interface ChosenFake {
  id: string;
  displayName: string;
  fake: RunningFake;
}

export async function chooseFake(found: Pick<FoundPlugins, 'plugins' | 'ports'>): Promise<ChosenFake> {
  const candidates = found.plugins.infos.filter(({ kinds, hasFake }) => kinds.includes('provider') && hasFake);
  for (const { id, displayName } of candidates) {
    const fake = await runFake(found, id, 0);
    if (NEEDED.every((name) => fake.commands.some((command) => command.name === name)))
      return { id, displayName, fake };
    await fake.close();
  }
  throw new HubError('not_supported', {
    what: 'The demo cannot be played.',
    why: `None of the plugins found has a fake with the commands ${NEEDED.join(' and ')}.`,
    fix: 'Start it where such a plugin is installed; "coach plugin list" shows what was found.',
  });
}
