import { join } from 'node:path';
import { readConfig } from './src/config.ts';
import { createDataSource } from './src/store/data-source.ts';
import { startEmbeddedPostgres } from './src/store/embedded-postgres.ts';

const config = readConfig(process.env);

/** The data source for TypeORM's own commands: the server at DATABASE_URL, or the embedded one of the data directory. */
export default (config.databaseUrl
  ? Promise.resolve(config.databaseUrl)
  : startEmbeddedPostgres({ dataDirectory: join(config.dataDirectory, 'postgres') }).then(
      (server) => server.url,
    )
).then(createDataSource);
