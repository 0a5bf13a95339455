/** Provider plugins that misbehave, as plain files in a folder: what a stranger may have written. For `--plugin PATH`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Accounts are made by the test, which writes a connection of this identity. */
export const IDENTITY = 'somebody';

/** Throws at every turn, with everything it was given in the message. Settings: `webhookSecret`. */
export function leakyPlugin(folder: string): string {
  const code = adapter('leaky', {
    verify: `
      if (text(bytes).includes('in verify'))
        throw new Error('refused ' + text(bytes) + headers.get('x-signature') + config.webhookSecret);`,
    split: `
      if (text(bytes).includes('in split')) throw new RangeError('cannot split ' + text(bytes));
      if (text(bytes).includes('in a timer')) setTimeout(() => { throw new Error('late ' + text(bytes)); }, 10);`,
    normalise: `
      const told = { name: 'HubError', what: body, why: body, code: 'file_unreadable' };
      if (body.includes('told')) throw Object.assign(new Error(body), told);
      throw Object.assign(new TypeError('heart rate ' + body, { cause: new Error(body) }), { code: body, name: body });`,
  });
  return write(folder, 'leaky', code);
}

/** Does not even load, and says what it found in the environment. */
export function crashingPlugin(folder: string, variable: string): string {
  return write(folder, 'crashing', `throw new Error('no use for ' + process.env.${variable});`);
}

/** Reads what is large, in a worker thread, for ever; cannot split what says so. Settings: `webhookSecret`. */
export function endlessPlugin(folder: string): string {
  const code = adapter('endless', {
    split: `if (text(bytes).includes('in split')) throw new RangeError('no');`,
    normalise: 'while (body.length > 1_000);',
  });
  return write(folder, 'endless', code);
}

function adapter(id: string, turns: { verify?: string; split?: string; normalise: string }): string {
  return `
const text = (bytes) => new TextDecoder().decode(bytes);

export function normalise(envelope) {
  const body = text(envelope.bytes);
  ${turns.normalise}
  return { claims: [], notes: [] };
}

export const plugin = {
  id: '${id}', displayName: '${id}', variant: null, lifecycle: { state: 'available' }, mappingVersion: 1,
  streams: {
    runs: {
      kinds: ['activity'], acquisition: new Set(['inline_push']), permission: null,
      time: { instant: 'utc', day: 'local' }, expectedLatencyS: null, provisional: false, ambiguousOwner: false,
    },
  },
  hosts: {}, limits: [], history: { type: 'none' }, auth: { type: 'none' },
  policy: {
    retentionDays: null, aiUse: 'allowed', merging: 'allowed', audience: 'any', attribution: null,
    deleteOnDisconnect: false, region: null,
  },
  webhook: {
    maxBytes: 1_000_000, secret: 'path', keepHeaders: ['x-signature'], answer: { status: 200 }, deadlineS: 5,
    verify({ bytes, headers }, config) {
      ${turns.verify ?? ''}
      return 'valid';
    },
    split({ bytes }) {
      ${turns.split ?? ''}
      const externalId = text(bytes).slice(0, 20);
      return { envelopes: [{ identity: '${IDENTITY}', stream: 'runs', externalId, bytes, ref: {} }], notices: [], problems: [] };
    },
  },
  normalise,
};
`;
}

function write(folder: string, id: string, code: string): string {
  const dir = join(folder, `coach-plugin-${id}`);
  mkdirSync(dir);
  const config = { webhookSecret: { type: 'string', secret: true, help: 'Last part of the address.' } };
  const manifest = { id, contract: 1, kinds: ['provider'], streams: ['runs'], normalise: './normalise', config };
  const exports = { '.': './index.js', './normalise': './index.js' };
  const about = { name: `coach-plugin-${id}`, version: '1.0.0', type: 'module', exports, coach: manifest };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(about));
  writeFileSync(join(dir, 'index.js'), code);
  return dir;
}
