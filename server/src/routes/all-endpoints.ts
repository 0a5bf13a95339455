import type { Deps } from '../deps.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { describeApi } from './describe-api.ts';
import { endConnection } from './end-connection.ts';
import { explainObject } from './explain-object.ts';
import { finishConnection } from './finish-connection.ts';
import { head } from './head.ts';
import { issueTicket } from './issue-ticket.ts';
import { listConnections } from './list-connections.ts';
import { listObjects } from './list-objects.ts';
import { live } from './live.ts';
import { objectFile } from './object-file.ts';
import { objectSeries } from './object-series.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { ready } from './ready.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { returnFromProvider } from './return-from-provider.ts';
import { scrape } from './scrape.ts';
import { showObject } from './show-object.ts';
import { startConnection } from './start-connection.ts';
import { streamEvents } from './stream-events.ts';
import { sync } from './sync.ts';

/** Every endpoint of the server. */
export function allEndpoints(deps: Deps): Endpoint[] {
  const endpoints = [
    receiveWebhook,
    listConnections,
    startConnection,
    returnFromProvider,
    finishConnection,
    endConnection,
    sync,
    push,
    pull,
    head,
    issueTicket,
    streamEvents,
    listObjects,
    showObject,
    explainObject,
    objectSeries,
    objectFile,
    live,
    ready,
  ].map((define) => define(deps));
  if (deps.metrics !== null) endpoints.push(scrape(deps, deps.metrics));
  return [...endpoints, describeApi(deps, endpoints)];
}
