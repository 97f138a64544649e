import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import * as entities from './entities/index.ts';
import { SnakeCaseNaming } from './naming.ts';

/** The database that every part of the program works on, embedded or served: a PostgreSQL at `url`. */
export function createDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: Object.values(entities).filter((value) => typeof value === 'function'),
    migrations,
    migrationsTableName: 'migration',
    namingStrategy: new SnakeCaseNaming(),
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    applicationName: 'nomograph',
    extra: { max: 12 },
  });
}
