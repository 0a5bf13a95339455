import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from '@coach-hub/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fake } from './index.ts';
import { connect, setStage } from './stage.test-support.ts';

async function post(url: string, body: string, contentType: string, accept = '*/*') {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': contentType, accept } });
  return { status: answer.status, text: await answer.text() };
}

describe('the fake’s own page', () => {
  it('lists every command and fault with help, for programs and for people', async () => {
    const { garmin } = await setStage();
    const { commands, faults } = (await (await fetch(`${garmin.url}/_fake`)).json()) as {
      commands: object[];
      faults: object[];
    };
    expect({ commands, faults }).toEqual({ commands: garmin.commands, faults: garmin.faults });
    const html = await (await fetch(`${garmin.url}/_fake`, { headers: { accept: 'text/html' } })).text();
    for (const { name } of [...garmin.commands, ...garmin.faults]) expect(html).toContain(`/${name}"`);
  });

  it('runs a command from JSON and from a form', async () => {
    const stage = await setStage();
    await connect(stage);
    const url = `${stage.garmin.url}/_fake/act/run`;
    const json = await post(url, '{"durationS": 60, "distanceM": 200, "deliver": ["summary"]}', 'application/json');
    expect([json.status, JSON.parse(json.text)]).toMatchObject([200, { distanceM: 200 }]);
    const form = new URLSearchParams({ params: '{"durationS": 60}', distanceM: '210', deliver: 'summary' });
    const page = await post(url, form.toString(), 'application/x-www-form-urlencoded', 'text/html');
    expect(page.text).toContain('&quot;distanceM&quot;: 210');
    expect(stage.received).toHaveLength(2);
  });

  it('switches a fault on', async () => {
    const stage = await setStage();
    await connect(stage);
    expect((await post(`${stage.garmin.url}/_fake/fault/drop`, '{"times": 2}', 'application/json')).status).toBe(200);
    expect(await stage.garmin.act('log')).toMatchObject({ faults: [{ name: 'drop', times: 2 }] });
  });

  it.each([
    ['act/dance', '{}', 'bad_request'],
    ['act/run', '{"distanceM": "far"}', 'bad_request'],
    ['act/run', 'distance', 'bad_request'],
    ['act/run', '{"userId": "nobody"}', 'bad_request'],
    ['act/edit', '{"activityId": "1"}', 'bad_request'],
    ['act/endpoint', '{"type": "dailies"}', 'bad_request'],
    ['act/consent', '{"url": "nowhere"}', 'bad_request'],
    ['fault/earthquake', '{}', 'fake_unknown_fault'],
  ])('refuses %s %s with %s', async (path, body, code) => {
    const { garmin } = await setStage();
    const answer = await post(`${garmin.url}/_fake/${path}`, body, 'application/json');
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, { code }]);
  });
});

describe('starting it', () => {
  it('maps every logical host to itself, on loopback only', async () => {
    const { garmin } = await setStage();
    expect(garmin.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(garmin.hosts).toEqual({ 'garmin.connect': garmin.url, 'garmin.auth': garmin.url, 'garmin.api': garmin.url });
  });

  it('fails with a code when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const start = fake.start({ port, now: () => 0, random: () => 0.5, log: silentLog });
    await expect(start).rejects.toMatchObject({ code: 'port_in_use' });
  });
});
