/** Who the account is, what it allows, and its end. The `partner-gateway` paths are the older names. */
import { Hono } from 'hono';
import { callerOf } from './api-caller.ts';
import type { Faults } from './faults.ts';
import type { Portal } from './portal.ts';
import { type Account, endRegistration, PERMISSIONS, type World } from './world.ts';

/** @param onDeregistered sends the last notification; the answer does not wait for it. */
export function userRoutes(world: World, portal: Portal, faults: Faults, onDeregistered: (account: Account) => void) {
  return new Hono()
    .get('/user/id', (c) => {
      const caller = callerOf(c, world, faults);
      return 'refusal' in caller ? caller.refusal : c.json({ userId: caller.account.userId });
    })
    .get('/user/permissions', (c) => {
      const caller = callerOf(c, world, faults);
      if ('refusal' in caller) return caller.refusal;
      return c.json(shaped(caller.account.permissions, portal.permissionsShape) as object);
    })
    .delete('/user/registration', (c) => {
      const caller = callerOf(c, world, faults);
      if ('refusal' in caller) return caller.refusal;
      endRegistration(world, caller.account);
      onDeregistered(caller.account);
      return c.body(null, 204);
    });
}

export function shaped(permissions: string[], shape: Portal['permissionsShape']): unknown {
  if (shape === 'array') return permissions;
  if (shape === 'object') return { permissions };
  return Object.fromEntries(PERMISSIONS.map((name) => [name, permissions.includes(name)]));
}
