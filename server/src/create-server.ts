import { Hono } from 'hono';
import type { Deps } from './deps.ts';
import { errorHandler } from './error/error-handler.ts';
import { noSuchRoute } from './error/not-found.ts';
import type { HubEnv } from './hub-env.ts';
import { accessLog } from './middleware/access-log.ts';
import { countWaiting } from './middleware/count-waiting.ts';
import { dropHeadBody } from './middleware/head-body.ts';
import { limitClients } from './middleware/limit-clients.ts';
import { measure } from './middleware/measure.ts';
import { requestFrame } from './middleware/request-frame.ts';
import { ticketBook } from './realtime/ticket-book.ts';
import { allEndpoints } from './routes/all-endpoints.ts';

/** A server as an app: `app.request()` answers without a port, `listen(app, …)` opens one. */
export type ServerApp = Hono<HubEnv>;

export type ServerOptions = Omit<Deps, 'tickets' | 'metrics'> & Partial<Pick<Deps, 'metrics'>>;

/** Builds the HTTP interface of a hub. It opens nothing and starts nothing. */
export function createServer(options: ServerOptions): ServerApp {
  const deps: Deps = { metrics: null, ...options, tickets: ticketBook(options) };
  const app = new Hono<HubEnv>();
  app.onError(errorHandler(deps.log));
  app.notFound(noSuchRoute);
  app.use(requestFrame(deps), countWaiting(), limitClients(deps), accessLog(deps), measure(deps), dropHeadBody);
  for (const { method, path, answer } of allEndpoints(deps)) app[method](path, (c) => answer(c, deps.auth));
  return app;
}
