import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { HubEnv } from '../hub-env.ts';

export interface PageText {
  title: string;
  paragraphs: string[];
  /** Small print, for whoever helps. */
  note?: string;
}

const STYLE = `
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { margin: 15vh auto 0; max-width: 32rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; }
small { opacity: 0.7; }
`;

/** Answers a person in a browser. Every text is escaped; the page runs nothing, loads nothing and cannot be framed. */
export function replyPage(c: Context<HubEnv>, { title, paragraphs, note }: PageText, status = 200): Response {
  const page = `<!doctype html>${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
${note === undefined ? '' : html`<p><small>${note}</small></p>`}
</main>
</body>
</html>
`}`;
  c.header('Content-Type', 'text/html; charset=utf-8');
  c.header('Content-Security-Policy', contentPolicy());
  c.header('X-Frame-Options', 'DENY'); // for browsers that do not know frame-ancestors
  c.set('bytes', Buffer.byteLength(page));
  return c.body(page, status as ContentfulStatusCode);
}

/** The style is allowed by its hash, so that no other may ever apply. */
function contentPolicy(): string {
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  return `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
