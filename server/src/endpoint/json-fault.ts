/** Where a text stops being JSON, and what would have to stand there. It never quotes the text. */
export interface JsonFault {
  /** From 1. */
  line: number;
  column: number;
  expected: string;
}

/** What may come next. Each state is named by the words that tell it. */
type State =
  | 'a value'
  | 'a value or "]"'
  | 'a name in quotes'
  | 'a name in quotes or "}"'
  | '":"'
  | '"," or the closing bracket'
  | 'the end';
type Bracket = '{' | '[';

/** A place reached: the index after what was read and what may come there; null when it was not what may come. */
type Step = { at: number; state: State } | null;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/** Finds the first fault; null when the text is JSON. Works without recursion, so depth cannot exhaust the stack. */
export function findJsonFault(text: string): JsonFault | null {
  const open: Bracket[] = [];
  let at = endOf(SPACE, text, 0);
  let state: State = 'a value';
  while (at < text.length) {
    const step: Step = closing(text, at, state, open) ?? reading(text, at, state, open);
    if (step === null) return faultAt(text, at, state);
    state = step.state;
    at = endOf(SPACE, text, step.at);
  }
  return state === 'the end' ? null : faultAt(text, at, state);
}

function closing(text: string, at: number, state: State, open: Bracket[]): Step {
  const char = text.charAt(at);
  const opener = char === '}' ? '{' : char === ']' ? '[' : null;
  if (opener === null || open.at(-1) !== opener) return null;
  if (state !== '"," or the closing bracket' && !state.endsWith(`or "${char}"`)) return null;
  open.pop();
  return { at: at + 1, state: afterValue(open) };
}

function reading(text: string, at: number, state: State, open: Bracket[]): Step {
  switch (state) {
    case '":"':
      return text[at] === ':' ? { at: at + 1, state: 'a value' } : null;
    case '"," or the closing bracket':
      return text[at] === ',' ? { at: at + 1, state: open.at(-1) === '{' ? 'a name in quotes' : 'a value' } : null;
    case 'a name in quotes':
    case 'a name in quotes or "}"':
      return readTo(endOfString(text, at), at, '":"');
    case 'a value':
    case 'a value or "]"':
      return opening(text, at, open) ?? readTo(endOfScalar(text, at), at, afterValue(open));
    case 'the end':
      return null;
  }
}

function opening(text: string, at: number, open: Bracket[]): Step {
  const char = text[at];
  if (char !== '{' && char !== '[') return null;
  open.push(char);
  return { at: at + 1, state: char === '{' ? 'a name in quotes or "}"' : 'a value or "]"' };
}

function readTo(end: number, start: number, state: State): Step {
  return end > start ? { at: end, state } : null;
}

function afterValue(open: readonly Bracket[]): State {
  return open.length === 0 ? 'the end' : '"," or the closing bracket';
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function endOfScalar(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at);
  return Math.max(endOf(NUMBER, text, at), endOf(LITERAL, text, at));
}

/** Place after the closing quote; -1 where no text in quotes begins, or it does not end, or holds what it must not. */
function endOfString(text: string, start: number): number {
  if (text[start] !== '"') return -1;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return -1;
    if (code !== 0x5c) continue;
    const sequence = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at + 1, at + 6))?.[0];
    if (sequence === undefined) return -1;
    at += sequence.length;
  }
  return -1;
}

function faultAt(text: string, at: number, expected: string): JsonFault {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n'), expected };
}
