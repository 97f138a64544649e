import { Field, Int, ObjectType } from 'type-graphql';
import { Access } from '../rights/access.ts';

@Access('ANALYST')
@ObjectType('ReportFile', { description: "A file of a study's report." })
export class ReportFileType {
  @Field({ description: 'Its path in the report, e.g. `report.html`.' })
  path: string;

  @Field({ description: 'The media type.' })
  mediaType: string;

  @Field(() => Int, { description: 'The size in bytes.' })
  byteLength: number;

  @Field({ description: "The SHA-256 of the file's bytes." })
  sha256: string;

  @Field({ description: 'When it was written.' })
  createdAt: Date;
}
