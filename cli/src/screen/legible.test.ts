import { describe, expect, it } from 'vitest';
import { legible, legibleScreen } from './legible.ts';
import { shortened } from './shortened.ts';
import { createStyle } from './style.ts';

describe('what others have written', () => {
  it.each([
    ['moves the cursor', '\u001B[2J\u001B[Hgone', '\uFFFD[2J\uFFFD[Hgone'],
    ['names the window', '\u001B]0;root\u0007', '\uFFFD]0;root\uFFFD'],
    ['writes over its line', 'failed\rdone', 'failed\uFFFDdone'],
    ['uses one of the other control characters', '\u009B2J\u0000', '\uFFFD2J\uFFFD'],
    ['changes the colour', '\u001B[8mhidden', '\uFFFD[8mhidden'],
    ['hides letters among others', 'run\u200B\u{E0041}\uFEFF', 'run\uFFFD\uFFFD\uFFFD'],
    ['begins a line in another way', 'run\u2028PASS', 'run\uFFFDPASS'],
    ['turns the direction of reading', 'run\u202Etif.exe', 'run\uFFFDtif.exe'],
  ])('that %s is shown as text', (_, name, shown) => {
    expect(legible(name)).toBe(shown);
  });

  it('keeps lines, our emphasis and the letters of every language', () => {
    const screen = createStyle(true).strong('Läufe 走る 👩‍👧\nمشي');
    expect(legibleScreen(screen)).toBe(screen);
    expect(legibleScreen(`${screen}\u001B[2J\u001B`)).toBe(`${screen}\uFFFD[2J\uFFFD`);
  });
});

describe('the name of a file', () => {
  it('stays on its line, and shows what is hidden in it', () => {
    expect(shortened('run\n\u200Dtif.exe')).toBe('run\uFFFD\uFFFDtif.exe');
  });
});
