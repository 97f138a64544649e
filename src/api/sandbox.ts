let page: Promise<string> | undefined;

/** GraphiQL as one page that loads nothing from elsewhere; it is a development dependency and may be absent. */
export function sandboxPage(): Promise<string> {
  page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) =>
    renderGraphiQL({
      title: 'Nomograph',
      endpoint: '/graphql',
      subscriptionsProtocol: 'WS',
      credentials: 'same-origin',
      defaultQuery: readyQuery,
    }),
  );
  return page;
}

/** A first query for whoever opens the sandbox. */
export const readyQuery = `query Cohorts {
  cohorts(first: 10) {
    edges {
      node {
        key
        name
        patientCount
        endpoints
        studies(first: 3) {
          edges {
            node {
              name
              endpoints {
                endpoint
                models {
                  name
                  outcome {
                    ... on Model { concordance { subset estimate lower upper } }
                    ... on UnfittedModel { failure { message } }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
`;
