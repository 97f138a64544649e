import 'reflect-metadata';
import { DirectiveLocation, GraphQLDirective, type GraphQLSchema } from 'graphql';
import {
  Arg,
  buildSchema,
  Directive,
  Field,
  Float,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { Key, Shareable } from '../../src/api/federation/directives.ts';
import { asSubgraph, federationLink, type Representation } from '../../src/api/federation/subgraph.ts';

// The `products` subgraph of Apollo's compatibility tests, with the data that they expect, by our own builder:
// https://github.com/apollographql/apollo-federation-subgraph-compatibility/blob/main/COMPATIBILITY.md

@ObjectType()
class ProductVariation {
  @Field(() => ID)
  id: string;
}

@Shareable()
@ObjectType()
class ProductDimension {
  @Field(() => String, { nullable: true })
  size: string;

  @Field(() => Float, { nullable: true })
  weight: number;

  @Directive('@inaccessible')
  @Field(() => String, { nullable: true })
  unit: string;
}

@ObjectType()
class CaseStudy {
  @Field(() => ID)
  caseNumber: string;

  @Field(() => String, { nullable: true })
  description: string;
}

@Key('study { caseNumber }')
@ObjectType()
class ProductResearch {
  @Field(() => CaseStudy)
  study: CaseStudy;

  @Field(() => String, { nullable: true })
  outcome: string | null;
}

@Directive('@extends')
@Key('email')
@ObjectType()
class User {
  @Directive('@requires(fields: "totalProductsCreated yearsOfEmployment")')
  @Field(() => Int, { nullable: true })
  averageProductsCreatedPerYear?: number | null;

  @Directive('@external')
  @Field(() => ID)
  email: string;

  @Directive('@override(from: "users")')
  @Field(() => String, { nullable: true })
  name: string;

  @Directive('@external')
  @Field(() => Int, { nullable: true })
  totalProductsCreated: number;

  @Directive('@external')
  @Field(() => Int)
  yearsOfEmployment: number;
}

@Directive('@custom')
@Key('id')
@Key('sku package')
@Key('sku variation { id }')
@ObjectType()
class Product {
  @Field(() => ID)
  id: string;

  @Field(() => String, { nullable: true })
  sku: string;

  @Field(() => String, { nullable: true })
  package: string;

  @Field(() => ProductVariation, { nullable: true })
  variation: ProductVariation;

  @Field(() => ProductDimension, { nullable: true })
  dimensions: ProductDimension;

  @Directive('@provides(fields: "totalProductsCreated")')
  @Field(() => User, { nullable: true })
  createdBy: User;

  @Directive('@tag(name: "internal")')
  @Field(() => String, { nullable: true })
  notes: string | null;

  @Field(() => [ProductResearch])
  research: ProductResearch[];
}

@Key('sku package')
@ObjectType()
class DeprecatedProduct {
  @Field()
  sku: string;

  @Field()
  package: string;

  @Field(() => String, { nullable: true })
  reason: string;

  @Field(() => User, { nullable: true })
  createdBy: User;
}

@Directive('@interfaceObject')
@Key('id')
@ObjectType()
class Inventory {
  @Field(() => ID)
  id: string;

  @Field(() => [DeprecatedProduct])
  deprecatedProducts: DeprecatedProduct[];
}

@Resolver()
class ProductsResolver {
  @Query(() => Product, { nullable: true })
  product(@Arg('id', () => ID) id: string): Product | undefined {
    return products.find((product) => product.id === id);
  }

  @Query(() => DeprecatedProduct, { nullable: true, deprecationReason: 'Use product query instead' })
  deprecatedProduct(
    @Arg('sku', () => String) sku: string,
    @Arg('package', () => String) name: string,
  ): DeprecatedProduct | undefined {
    return deprecated.find((product) => product.sku === sku && product.package === name);
  }
}

const user = (known: Partial<User> = {}): User => {
  const { totalProductsCreated = 1337, yearsOfEmployment = 10 } = known;
  return {
    email: 'support@apollographql.com',
    name: 'Jane Smith',
    totalProductsCreated,
    yearsOfEmployment,
    averageProductsCreatedPerYear: Math.round(totalProductsCreated / yearsOfEmployment),
  };
};
const dimensions = { size: 'small', weight: 1, unit: 'kg' };
const deprecated: DeprecatedProduct[] = [
  {
    sku: 'apollo-federation-v1',
    package: '@apollo/federation-v1',
    reason: 'Migrate to Federation V2',
    createdBy: user(),
  },
];
const research: ProductResearch[] = [
  { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
];
const products: Product[] = [
  ['apollo-federation', 'federation', '@apollo/federation', 'OSS'],
  ['apollo-studio', 'studio', '', 'platform'],
].map(([id, sku, name, variation], place) => ({
  id: id!,
  sku: sku!,
  package: name!,
  variation: { id: variation! },
  dimensions,
  createdBy: user(),
  notes: null,
  research: [research[place]!],
}));

const references = {
  Product: (known: Representation) =>
    products.find(
      ({ id, sku, package: name, variation }) =>
        id === known.id ||
        (sku === known.sku &&
          (name === known.package || variation.id === (known.variation as Partial<ProductVariation>)?.id)),
    ),
  DeprecatedProduct: (known: Representation) =>
    deprecated.find(({ sku, package: name }) => sku === known.sku && name === known.package),
  ProductResearch: (known: Representation) =>
    research.find(({ study }) => study.caseNumber === (known.study as CaseStudy).caseNumber),
  User: (known: Representation) => (known.email === user().email ? user(known) : null),
  Inventory: ({ id }: Representation) => ({ id, deprecatedProducts: deprecated }),
};

export async function productsSubgraph(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [ProductsResolver],
    orphanedTypes: [Inventory],
    directives: [new GraphQLDirective({ name: 'custom', locations: [DirectiveLocation.OBJECT] })],
    validate: false,
    skipCheck: true,
  });
  return asSubgraph(schema, {
    references,
    links: [
      federationLink(
        '@composeDirective',
        '@extends',
        '@external',
        '@key',
        '@inaccessible',
        '@interfaceObject',
        '@override',
        '@provides',
        '@requires',
        '@shareable',
        '@tag',
        'FieldSet',
      ),
      '@link(url: "https://myspecs.dev/myCustomDirective/v1.0", import: ["@custom"])',
      '@composeDirective(name: "@custom")',
    ],
  });
}
