/** The fake's own page: a form per command and per fault. */
import type { FakeCommand } from '@coach-hub/core';
import { html } from 'hono/html';
import { page } from './consent-page.ts';

export function adminPage(commands: readonly FakeCommand[], faults: readonly FakeCommand[]) {
  return page(
    'Fake Garmin',
    html`<h1>Fake Garmin</h1>
<p>It speaks the documented contract to the hub, and does on command what athletes, watches and bad days do.</p>
<h2>Commands</h2>
${commands.map((command) => form('act', command, '{"distanceM": 10000}'))}
<h2>Faults</h2>
${faults.map((fault) => form('fault', fault, '{"times": 1}'))}`,
  );
}

export function outcomePage(outcome: { [key: string]: unknown }) {
  return page(
    'Fake Garmin',
    html`<h1>Done</h1><pre>${JSON.stringify(outcome, null, 2)}</pre><p><a href="/_fake">Back to the commands</a></p>`,
  );
}

function form(what: 'act' | 'fault', { name, help }: FakeCommand, example: string) {
  return html`<details><summary><b>${name}</b></summary><p><small>${help}</small></p>
<form method="post" action="/_fake/${what}/${name}">
<label>Parameters as JSON<textarea name="params" placeholder="${example}"></textarea></label>
<div class="buttons"><button>${what === 'act' ? 'Do it' : 'Switch on'}</button></div>
</form></details>`;
}
