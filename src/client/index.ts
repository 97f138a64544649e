/**
 * The client of the graph, for browsers and Node: every operation of `schema/operations` as a typed document, a function that
 * sends one, and a loop that follows a job over connections that break. Nothing here imports a module of Node's.
 */
export type { Connection, TypedDocument } from './connection.ts';
export { type FollowedEvent, type FollowOptions, followJob } from './follow-job.ts';
export * from './generated/operations.ts';
export { type GraphErrorBody, NomographError } from './nomograph-error.ts';
export { request } from './request.ts';
