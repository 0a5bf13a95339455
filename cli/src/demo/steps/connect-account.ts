/** The athlete connects an account: address, consent page, way back, as their browser would go. */
import type { ConnectionView } from '@coach-hub/core';
import type { Teller } from '../narrator.ts';
import type { Stage } from '../open-stage.ts';

export async function connectAccount({ athlete, provider }: Stage, tell: Teller): Promise<void> {
  const { authorizeUrl } = await athlete.api.post<{ authorizeUrl: string }>('/v1/connections', {
    provider: provider.id,
    returnUrl: null,
  });
  const { pathname, searchParams } = new URL(authorizeUrl);
  tell.fact(
    'browser',
    `opens ${pathname} (${[...searchParams.keys()].length} parameters, PKCE ${searchParams.get('code_challenge_method') ?? 'off'})`,
  );
  await provider.fake.act('consent', { url: authorizeUrl });
  tell.fact('consent', 'allowed; the browser goes back to the hub');

  const connections = connectionsOf(await athlete.api.get('/v1/connections'));
  const connection = connections.find((each) => each.provider === provider.id);
  tell.fact('allowed', connection?.permissions.join(', ') || 'nothing');
  tell.check(`the athlete is connected to ${provider.displayName}`, {
    expected: 'connected',
    got: connection?.state ?? 'not there',
  });
  const granted = Object.entries(connection?.streams ?? {}).filter(([, state]) => state === 'granted');
  tell.check(`${granted.length} kinds of data may come`, { expected: true, got: granted.length > 0 });
}

/** A list, or an object that holds one. */
function connectionsOf(answer: ConnectionView[] | { connections: ConnectionView[] }): ConnectionView[] {
  return Array.isArray(answer) ? answer : answer.connections;
}
