/**
 * How much a client may ask for: each limit's default, and what it counts. Each is a setting of its own,
 * `NOMOGRAPH_MAX_…`, and the name that a refusal gives.
 */
export const limitTable = {
  documentLength: [100_000, 'characters of a document'],
  tokens: [5_000, 'tokens of a document'],
  depth: [20, 'levels of fields within each other, fragments spread out'],
  fields: [5_000, 'fields of a document, fragments spread out'],
  rootFields: [20, 'fields of an operation at its root'],
  aliases: [30, 'fields of an operation that carry an alias'],
  overlaps: [10_000, 'pairs of fields of one name, or of fragments, in one place of an operation'],
  directives: [25, 'directives of an operation'],
  cost: [100_000, 'fields that an operation may have to resolve: those of each element of each list'],
  bodyBytes: [4 * 2 ** 20, 'bytes of a request to the graph'],
  messageBytes: [2 ** 18, 'bytes of a message over a WebSocket'],
  values: [250_000, "members and elements in a request's JSON"],
  listLength: [100_000, 'elements of one list in the variables'],
  textLength: [100_000, 'characters of one text in the variables'],
  requestsPerMinute: [30_000, 'requests of who is signed in, operations over sockets included'],
  addressRequestsPerMinute: [60_000, 'requests from one address, whoever signs in there, or tries to'],
  requestSeconds: [60, 'seconds until a query or mutation is answered'],
  sockets: [100, 'sockets that who is signed in has open at once'],
  operationsPerSocket: [100, 'operations under way at once on a socket'],
  streams: [100, 'event streams that who is signed in has open at once'],
  jobs: [100, 'jobs that who is signed in has queued or running at once'],
  jobsOfCohort: [50, 'jobs queued or running at once on one cohort'],
} as const satisfies Record<string, readonly [value: number, counts: string]>;

export type LimitName = keyof typeof limitTable;
export type Limits = Readonly<Record<LimitName, number>>;

export const limitNames = Object.keys(limitTable) as LimitName[];

/** `rootFields` is set by `NOMOGRAPH_MAX_ROOT_FIELDS`. */
export const settingOf = (name: LimitName) =>
  `NOMOGRAPH_MAX_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
