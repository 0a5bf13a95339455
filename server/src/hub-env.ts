import type { IncomingMessage } from 'node:http';
import type { RightOfWay } from './endpoint/right-of-way.ts';

/** What travels with one request. */
export interface HubEnv {
  Bindings: {
    /** The request as Node has it; absent where no port is open. */
    incoming?: IncomingMessage;
    /** Aborted when the server is about to close: it still answers, but whoever can should go elsewhere. */
    draining?: AbortSignal;
    /** Aborted when the server begins to close: answers without an end must end now. */
    closing?: AbortSignal;
  };
  Variables: {
    requestId: string;
    rightOfWay: RightOfWay;
    /** Largest body of a route that does not set its own, bytes. */
    maxBodyBytes: number;
    /** Pattern of the matched route. The log holds this and never the address, which may hold a secret. */
    route: string;
    /** Bytes of the answer's body as sent; null while unknown, as for a stream. */
    bytes: number | null;
    /** How a failure is told: problem details for programs, a page for a person in a browser. */
    failuresAs: 'problem' | 'page';
  };
}
