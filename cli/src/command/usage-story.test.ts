import { describe, expect, it } from 'vitest';
import Explain from '../commands/explain.ts';
import Import from '../commands/import.ts';
import InboxList from '../commands/inbox/list.ts';
import InboxReplay from '../commands/inbox/replay.ts';
import InboxShow from '../commands/inbox/show.ts';
import Serve from '../commands/serve.ts';
import Token from '../commands/token.ts';
import { refused } from '../testing/mistake.test-support.ts';

const ANN = ['--athlete', 'ann'];

describe('a mistake in the command line', () => {
  it('is told as what, why and what to do, and ends with 64', async () => {
    Explain.id = 'explain';
    expect(await refused(Explain, ANN)).toEqual({
      code: 64,
      lines: [
        '"coach explain" cannot be run like this.',
        '  why   KIND is missing: Kind of the object, for example "activity".',
        '        ID is missing: Id of the object.',
        '  do    See "coach explain --help".',
        '  code  bad_request  docs/errors.md#bad_request',
      ],
    });
  });

  it.each([
    ['a flag that is none', Import, ['a.fit', ...ANN, '--bogus'], 'There is no flag --bogus.'],
    ['an argument too many', Explain, ['activity', 'a', 'b', ...ANN], 'It takes no further argument, got "b".'],
    ['no athlete', Token, [], '--athlete is missing.'],
    ['a flag without its value', Token, ['--athlete'], '--athlete: expected a value, got nothing.'],
    ['a flag given twice', Token, [...ANN, ...ANN], '--athlete: expected once, got it twice.'],
    [
      'a word that is none of those expected',
      InboxList,
      ['--stage', 'x'],
      '--stage: expected one of split, normalise, fetch, got "x".',
    ],
    [
      'no word where one of several is expected',
      InboxList,
      ['--stage'],
      '--stage: expected one of split, normalise, fetch, got nothing.',
    ],
    ['a flag without the one it needs', Serve, ['--once'], '--once works only together with --demo.'],
    [
      'two flags that exclude each other',
      Serve,
      ['--demo', '--data', 'x'],
      '--data cannot be used together with --demo.',
    ],
    [
      'a port that is none',
      Serve,
      ['--port', '99999'],
      '--port: expected a whole number from 0 to 65535, got "99999".',
    ],
    ['a limit that is none', InboxList, ['--limit', 'x'], '--limit: expected a whole number from 1 to 200, got "x".'],
    ['an id that is no number', InboxShow, ['abc'], 'ID: expected the number of a dead letter, such as 12, got "abc".'],
    ['ids that are none', InboxReplay, ['1', '0'], 'ID: expected the number of a dead letter, such as 12, got "0".'],
    [
      'a time zone that is none',
      Import,
      ['a.fit', ...ANN, '--tz', 'Berlin'],
      '--tz: expected a time zone such as Europe/Berlin or UTC, got "Berlin".',
    ],
    ['an import for nobody', Import, ['a.fit', '--athlete', ''], '--athlete: expected the id of an athlete, got "".'],
    ['a token for nobody', Token, ['--athlete', ' '], '--athlete: expected the id of an athlete, got " ".'],
    [
      'an object of nobody',
      Explain,
      ['activity', 'a', '--athlete', ''],
      '--athlete: expected the id of an athlete, got "".',
    ],
  ])('says what is wrong with %s', async (_, command, args, why) => {
    const { code, lines } = await refused(command, args);
    expect({ code, why: lines[1] }).toEqual({ code: 64, why: `  why   ${why}` });
  });
});
