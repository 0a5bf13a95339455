/** The consent page of the fake: what an athlete sees when a coach app asks for their data. */
import { html, raw } from 'hono/html';
import { type Account, DEFAULT_PERMISSIONS, PERMISSIONS } from './world.ts';

const WORDS: { readonly [permission in (typeof PERMISSIONS)[number]]: readonly [string, string] } = {
  ACTIVITY_EXPORT: ['Activities', 'Runs, rides and everything else you record'],
  HEALTH_EXPORT: ['Daily health', 'Steps, sleep, stress and heart rate'],
  WORKOUT_IMPORT: ['Training', 'Let the app add workouts to your calendar'],
  COURSE_IMPORT: ['Courses', 'Let the app add courses'],
  MCT_EXPORT: ['Women’s health', 'Menstrual cycle tracking'],
  HISTORICAL_DATA_EXPORT: ['Historical data', 'Also what you recorded before today'],
};

/** A document with the fake's one look. */
export function page(title: string, body: unknown) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body><main>${body}<footer>This is a fake for tests and demos. Nothing leaves this computer.</footer></main></body>
</html>`;
}

/** @param request the query of the authorise call; it travels through the form unchanged. */
export function consentPage(request: { readonly [name: string]: string }, accounts: readonly Account[]) {
  return page(
    'Connect your account',
    html`<h1>Connect your account</h1>
<p>The coach app <code>${request.client_id}</code> would like to use your data. You can change this at any time.</p>
<form method="post" action="/oauth2Confirm">
${Object.entries(request).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label class="account">Signed in as
<select name="userId">
${accounts.map(({ userId, name }) => html`<option value="${userId}">${name}</option>`)}
<option value="">A new account</option>
</select></label>
<fieldset><legend>What may the app use?</legend>
${PERMISSIONS.map((permission) => toggle(permission))}
</fieldset>
<div class="buttons">
<button name="decision" value="decline" class="quiet">Decline</button>
<button name="decision" value="allow">Allow</button>
</div>
</form>`,
  );
}

function toggle(permission: (typeof PERMISSIONS)[number]) {
  const [title, help] = WORDS[permission];
  const checked = DEFAULT_PERMISSIONS.includes(permission) ? raw(' checked') : '';
  return html`<label class="toggle"><span><b>${title}</b><small>${help}</small></span>
<input type="checkbox" role="switch" name="permission" value="${permission}"${checked}></label>`;
}

export function refusalPage(why: string) {
  return page('This request is not valid', html`<h1>This request is not valid</h1><p>${why}</p>`);
}

const STYLE = `
:root{color-scheme:light dark;--ink:#16202a;--soft:#5c6b78;--line:#d9e0e6;--card:#fff;--back:#eef2f5;--accent:#0b6fb8}
@media (prefers-color-scheme:dark){:root{--ink:#eef3f7;--soft:#9fb0bf;--line:#31404d;--card:#1a242d;--back:#10171d;--accent:#4aa8ea}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--back);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:34rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:2rem}
h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.2}
h2{margin:2rem 0 .5rem;font-size:1.05rem}
code{font-size:.9em;overflow-wrap:anywhere}
fieldset{margin:1.25rem 0;padding:0;border:1px solid var(--line);border-radius:.75rem}
legend{margin-left:1rem;padding:0 .4rem;color:var(--soft);font-size:.875rem}
.toggle{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding:.75rem 1rem;cursor:pointer}
.toggle+.toggle{border-top:1px solid var(--line)}
.toggle b,.toggle small{display:block}
small,footer{color:var(--soft)}
input[role=switch]{appearance:none;flex:none;width:2.75rem;height:1.5rem;border-radius:1rem;background:var(--line);position:relative;cursor:pointer}
input[role=switch]::after{content:"";position:absolute;top:.1875rem;left:.1875rem;width:1.125rem;height:1.125rem;border-radius:50%;background:#fff;transition:left .15s}
input[role=switch]:checked{background:var(--accent)}
input[role=switch]:checked::after{left:1.4375rem}
select,textarea{width:100%;margin-top:.25rem;padding:.55rem .7rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card);color:var(--ink);font:inherit}
textarea{font:.85rem/1.4 ui-monospace,monospace;min-height:2.6rem}
.buttons{display:flex;justify-content:flex-end;gap:.75rem}
button{padding:.6rem 1.3rem;border:1px solid var(--accent);border-radius:.5rem;background:var(--accent);color:#fff;font:inherit;font-weight:600;cursor:pointer}
button.quiet{background:none;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
pre{padding:1rem;border-radius:.5rem;background:var(--back);overflow:auto;font-size:.85rem}
details{border-top:1px solid var(--line);padding:.6rem 0}
summary{cursor:pointer}
footer{margin-top:2rem;font-size:.8125rem}
`;
