/** A vendor with a real authorization server (oidc-provider): consent, PKCE, rotation, reuse detection, faults. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

interface Grant {
  addOIDCScope(scope: string): void;
  save(): Promise<string>;
}

/** The part of oidc-provider that is used here; it ships no types. */
interface OidcProvider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ params: { client_id: string } }>;
  interactionFinished(
    request: IncomingMessage,
    response: ServerResponse,
    result: object,
    options: object,
  ): Promise<void>;
  Grant: new (input: { accountId: string; clientId: string }) => Grant;
}

export const CALLBACK = 'http://127.0.0.1:4270/v1/connections/callback/stride';

export interface OAuthVendor {
  url: string;
  pair: string;
  /** Account that consents. */
  account: string;
  /** What the account allows, as `/permissions` answers. */
  permissions: string[];
  /** Whether the person says no. */
  declines: boolean;
  /** Calls by `METHOD /path`. */
  calls: { [call: string]: number };
  /** Answers instead of the vendor when it returns true. */
  fault: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Walks a browser through the consent page; returns the query the callback gets. */
  consent(authorizeUrl: string): Promise<{ [name: string]: string }>;
  /** A token call of somebody else. */
  token(form: { [name: string]: string }): Promise<{ status: number; body: { [name: string]: unknown } }>;
  close(): Promise<void>;
}

export async function startOAuthVendor(): Promise<OAuthVendor> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const call = `${request.method} ${path.replace(/^\/(auth|interaction)\/.*/, '/$1')}`;
    vendor.calls[call] = (vendor.calls[call] ?? 0) + 1;
    if (vendor.fault(request, response)) return;
    if (path.startsWith('/interaction/')) void finishInteraction(request, response);
    else if (path === '/permissions') response.end(JSON.stringify(vendor.permissions));
    else if (path === '/registration') response.writeHead(204).end();
    else handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pair = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${pair}`;
  const oidc = await oidcProvider(url);
  const handle = oidc.callback();

  async function finishInteraction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const details = await oidc.interactionDetails(request, response);
    if (vendor.declines) {
      await oidc.interactionFinished(request, response, { error: 'access_denied' }, { mergeWithLastSubmission: false });
      return;
    }
    const grant = new oidc.Grant({ accountId: vendor.account, clientId: details.params.client_id });
    grant.addOIDCScope('openid');
    const result = { login: { accountId: vendor.account }, consent: { grantId: await grant.save() } };
    await oidc.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  const vendor: OAuthVendor = {
    url,
    pair,
    account: 'runner-1',
    permissions: ['ACTIVITIES'],
    declines: false,
    calls: {},
    fault: () => false,
    consent: walkConsent,
    async token(form) {
      const credentials = { client_id: 'stride-app', client_secret: 'stride-secret' };
      const answer = await fetch(`${url}/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...credentials, ...form }),
      });
      return { status: answer.status, body: (await answer.json()) as { [name: string]: unknown } };
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return vendor;
}

/** Follows redirects with cookies, as a browser does, until the vendor sends it back to the hub. */
async function walkConsent(authorizeUrl: string): Promise<{ [name: string]: string }> {
  const cookies = new Map<string, string>();
  for (let url = authorizeUrl, hops = 0; hops < 12; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`consent stopped at ${answer.status}: ${await answer.text()}`);
    url = new URL(location, url).href;
    if (url.startsWith(CALLBACK)) return Object.fromEntries(new URL(url).searchParams);
  }
  throw new Error('consent went round in circles');
}

async function oidcProvider(url: string): Promise<OidcProvider> {
  // It greets with warnings that concern production.
  const quiet = (['info', 'warn', 'log'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(() => {}),
  );
  const { Provider } = (await import('oidc-provider' as string)) as {
    Provider: new (issuer: string, configuration: object) => OidcProvider;
  };
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'stride-app',
        client_secret: 'stride-secret',
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      RefreshToken: 86_400,
      Grant: 86_400,
      Interaction: 600,
      Session: 600,
      IdToken: 600,
    },
    cookies: { keys: ['test'] },
  });
  for (const spy of quiet) spy.mockRestore();
  return provider;
}
