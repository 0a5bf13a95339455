import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testServer } from '../testing/test-server.test-support.ts';
import { pickEncoding } from './accept-encoding.ts';
import { attachment } from './content-disposition.ts';

describe('the encoding of an answer', () => {
  it.each([
    [undefined, 'identity'],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['br;q=0, *', 'gzip'],
    ['deflate', 'identity'],
    ['br;q=nonsense', 'identity'],
  ])('to Accept-Encoding %j is %s', (header, encoding) => {
    expect(pickEncoding(header)).toBe(encoding);
  });
});

describe('an answer', () => {
  const page = JSON.stringify({ changes: Array.from({ length: 2_000 }, (_, rev) => ({ rev })) });

  async function pull(text: string, acceptEncoding: string) {
    const { app, syncAs, lines } = testServer({ sync: { pull: async () => text } });
    const headers = { ...(await syncAs('ann')), 'accept-encoding': acceptEncoding };
    const response = await app.request('/v1/sync/pull', { method: 'POST', headers, body: '{"cursor":null}' });
    const bytes = Buffer.from(await response.arrayBuffer());
    return {
      encoding: response.headers.get('content-encoding'),
      vary: response.headers.get('vary'),
      bytes,
      logged: lines[0]?.fields.bytes,
    };
  }

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('of many bytes is compressed with %s, and the log counts what was sent', async (accepted, decompress) => {
    const { encoding, vary, bytes, logged } = await pull(page, accepted);
    expect([encoding, vary, logged]).toEqual([accepted, 'Accept-Encoding', bytes.byteLength]);
    expect(bytes.byteLength).toBeLessThan(page.length / 3);
    expect(decompress(bytes).toString()).toBe(page);
  });

  it('of 1 to 4 KB is compressed as well', async () => {
    const text = JSON.stringify({ text: 'ä'.repeat(700) });
    const { encoding, bytes } = await pull(text, 'br');
    expect([encoding, brotliDecompressSync(bytes).toString()]).toEqual(['br', text]);
  });

  it('below 1 KB stays as it is', async () => {
    const text = JSON.stringify({ text: 'x'.repeat(900) });
    expect(await pull(text, 'br, gzip')).toMatchObject({ encoding: null, bytes: Buffer.from(text) });
  });

  it('stays as it is for a client that takes nothing else', async () => {
    expect(await pull(page, 'identity')).toMatchObject({ encoding: null, bytes: Buffer.from(page) });
  });
});

describe('the name of a download', () => {
  it.each([
    ['run.fit', `attachment; filename="run.fit"; filename*=UTF-8''run.fit`],
    [null, `attachment; filename="activity.bin"; filename*=UTF-8''activity.bin`],
    ['../../etc/passwd', `attachment; filename="passwd"; filename*=UTF-8''passwd`],
    ['C:\\runs\\a.fit', `attachment; filename="a.fit"; filename*=UTF-8''a.fit`],
    ['a"; filename="b.exe', `attachment; filename="a_; filename=_b.exe"; filename*=UTF-8''a_%3B%20filename%3D_b.exe`],
    ['a\r\nSet-Cookie: x=1', `attachment; filename="aSet-Cookie_ x=1"; filename*=UTF-8''aSet-Cookie_%20x%3D1`],
    ['Zürich läuft.gpx', `attachment; filename="Z_rich l_uft.gpx"; filename*=UTF-8''Z%C3%BCrich%20l%C3%A4uft.gpx`],
    ['gpx\u202etif.exe', `attachment; filename="gpxtif.exe"; filename*=UTF-8''gpxtif.exe`],
    ['bad\ud800pair.fit', `attachment; filename="badpair.fit"; filename*=UTF-8''badpair.fit`],
    ["it's (1)*.fit", `attachment; filename="it's (1)_.fit"; filename*=UTF-8''it%27s%20%281%29_.fit`],
    ['...', `attachment; filename="activity.bin"; filename*=UTF-8''activity.bin`],
    [
      `${'x'.repeat(500)}.fit`,
      `attachment; filename="${'x'.repeat(116)}.fit"; filename*=UTF-8''${'x'.repeat(116)}.fit`,
    ],
  ])('%j', (name, header) => {
    expect(attachment(name, 'activity.bin')).toBe(header);
    expect(() => new Headers({ 'content-disposition': header })).not.toThrow();
  });
});
