/** How a wrong setting is reported, everywhere: `KEY: expected …, got …`. Secret values are never shown. */
import type { z } from 'zod';
import { HubError } from '../error/hub-error.ts';

export interface ConfigProblem {
  /** As the operator wrote it: a variable, a flag, or a path in the file. */
  key: string;
  expected: string;
  got: string;
}

/** All problems in one error, so that a configuration is corrected in one go. */
export function configInvalid(what: string, problems: readonly ConfigProblem[]): HubError {
  return new HubError('config_invalid', {
    what,
    why: problems.map(({ key, expected, got }) => `${key}: expected ${expected}, got ${got}`).join('\n'),
    fix: 'Correct these settings; docs/configuration.md describes each one.',
    details: { problems: problems.length },
  });
}

/** A value as a message may show it. */
export function shownValue(value: unknown, isSecret = false): string {
  if (value === undefined) return 'nothing';
  if (isSecret) return 'a value that is not shown';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

/** What a zod issue asks for, in words that follow "expected". */
export function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return withArticle(
        issue.expected === 'int' ? 'whole number' : issue.expected === 'record' ? 'object' : issue.expected,
      );
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'a URL' : issue.message.replace(/^expected /, '');
    case 'invalid_union':
      return 'a string, a number or a boolean';
    default:
      return issue.message.replace(/^expected /, '');
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
