export { plugin } from './adapter.ts';
