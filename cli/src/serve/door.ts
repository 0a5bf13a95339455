/** The port, opened before the hub is: its address is part of the hub's configuration, and a taken port costs nothing. */
import { type Listening, type ListenOptions, listen, type ServerApp } from '@coach-hub/server';

export interface Door {
  url: string;
  port: number;
  /** From now on requests go to this app; until then they are told to come back in a moment. */
  open(app: Pick<ServerApp, 'fetch'>): void;
  close(): Promise<void>;
}

const RETRY_AFTER_S = 1;

export type DoorOptions = Pick<
  ListenOptions,
  'host' | 'port' | 'headersTimeoutMs' | 'requestTimeoutMs' | 'noticeMs' | 'closeAfterMs'
>;

export async function openDoor(options: DoorOptions): Promise<Door> {
  let app: Pick<ServerApp, 'fetch'> = { fetch: notYet };
  const { url, port, close }: Listening = await listen({ fetch: (...request) => app.fetch(...request) }, options);
  return {
    url,
    port,
    open(ready) {
      app = ready;
    },
    close,
  };
}

function notYet(): Response {
  return new Response(null, { status: 503, headers: { 'Retry-After': String(RETRY_AFTER_S) } });
}
