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
        models(first: 5) {
          edges {
            node {
              endpoint
              concordance { subset estimate lower upper }
              riskComparisons { subset logRank { statistic p } }
            }
          }
        }
      }
    }
  }
}
`;
