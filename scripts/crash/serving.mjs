/** What the hub serves is whole: each object reads, its file has the hash its claim names, its series decodes. */
import { createHash } from 'node:crypto';
import { withData } from './stored-data.mjs';

const LOOKED_AT = 120;

export async function checkServing(hub, athletes) {
  const problems = [];
  for (const { name } of athletes) {
    const token = await hub.tokenOf(name);
    const ask = (path) =>
      fetch(`${hub.url}/v1/objects/activity/${path}`, { headers: { authorization: `Bearer ${token}` } });
    for (const { id, files, hasSeries } of await newestOf(hub.data, name)) {
      const [object, series] = [await ask(id), await ask(`${id}/series`)];
      await object.arrayBuffer();
      const answered = await series.json();
      if (object.status !== 200) problems.push(`${id} is answered ${object.status}`);
      if (series.status !== 200 || (hasSeries && answered.series.length === 0)) {
        problems.push(`the series of ${id} is answered ${series.status} ${JSON.stringify(answered).slice(0, 300)}`);
      }
      if (files.length === 0) continue;
      const file = await ask(`${id}/file`);
      const sha256 = createHash('sha256')
        .update(Buffer.from(await file.arrayBuffer()))
        .digest('hex');
      if (file.status !== 200 || !files.includes(sha256))
        problems.push(`the file of ${id} is answered ${file.status} ${sha256}`);
    }
  }
  return problems;
}

async function newestOf(data, subject) {
  const rows = await withData(data, (all) =>
    all(
      `SELECT o.id, s.state FROM object o JOIN object_state s USING (oid) JOIN subject USING (athlete_id)
       WHERE subject = $1 AND kind = 'activity' AND deleted = 0 ORDER BY o.rev DESC LIMIT $2`,
      subject,
      LOOKED_AT,
    ),
  );
  return rows.map(({ id, state }) => {
    const claims = Object.values(JSON.parse(state).claims).filter(({ fields }) => fields !== null);
    return {
      id,
      files: claims.flatMap(({ file }) => (file === null ? [] : [file.sha256])),
      hasSeries: claims.some(({ series }) => series !== null),
    };
  });
}
