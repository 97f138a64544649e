/** The most tokens that a document may have, over HTTP and WebSocket alike. */
export const maxTokens = 10_000;

/** The largest body of a request to the graph: a thousand patients with their covariates fit in. */
export const maxBodyBytes = 8 * 2 ** 20;
