import * as z from 'zod'
import { PROBLEMS, type ProblemType } from '../../problem.ts'
import { ProblemSchema } from './answers.ts'
import type { Answer, Operation, Query } from './operation.ts'

type Json = Readonly<Record<string, unknown>>

/** An OpenAPI 3.1 document of these operations (https://spec.openapis.org/oas/v3.1.1.html). */
export function toDocument(operations: readonly Operation[]): Json {
  const components = createComponents(operations)
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    paths[operation.path] ??= {}
    const path = paths[operation.path]
    if (path) path[operation.method] = toOperation(operation, components)
  }
  components.add('Problem', ProblemSchema, 'output')
  return {
    openapi: '3.1.1',
    info: {
      title: 'Selvedge, the editors’ API',
      version: '1',
      description:
        'Drafts are made thing by thing or as one configuration, checked, and published. Every error is problem+json (RFC 9457) with a stable code; times are ISO 8601 in what is sent, and ms since 1970 in what is answered.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/_sv/api/v1' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-sv-staff' },
      },
    },
  }
}

/** Schemas by name: those of what is sent, where defaults may be left out, are called `…Input`. */
interface Components {
  readonly schemas: Record<string, unknown>
  add(name: string, schema: z.ZodType, io: 'input' | 'output'): Json
}

/** What is sent by name is named wherever it is a part of something else, too. */
function createComponents(operations: readonly Operation[]): Components {
  const named = z.registry<{ id: string }>()
  const ids = new Set<string>()
  for (const { body } of operations) {
    if (!body || ids.has(body.name)) continue
    named.add(body.schema, { id: body.name })
    ids.add(body.name)
  }
  const schemas: Record<string, unknown> = {}
  return {
    schemas,
    add(name, schema, io) {
      const suffix = io === 'input' ? 'Input' : ''
      const {
        $schema: _,
        $defs = {},
        ...root
      } = z.toJSONSchema(schema, {
        ...{ io, unrepresentable: 'any', target: 'draft-2020-12', metadata: named },
        override: withoutOwnFormats,
      })
      const placeOf = (def: string) => (ids.has(def) ? `${def}${suffix}` : ANY.name)
      for (const [def, part] of Object.entries($defs)) {
        schemas[placeOf(def)] = ids.has(def) ? withPlaces(part, placeOf) : ANY.schema
      }
      // A schema that is named itself is one of its own definitions.
      const called = named.has(schema) ? `${named.get(schema)?.id}${suffix}` : `${name}${suffix}`
      schemas[called] ??= withPlaces(root, placeOf)
      return { $ref: `#/components/schemas/${called}` }
    },
  }
}

/**
 * Only any JSON holds itself, in zod's form of it: many generators cannot say that, and a schema without
 * a word is the same.
 */
const ANY = { name: 'Value', schema: { description: 'Any JSON value.' } } as const

/** zod names a format for what a pattern says already. */
function withoutOwnFormats({ jsonSchema }: { jsonSchema: { format?: string } }): void {
  if (jsonSchema.format === 'starts_with') delete jsonSchema.format
}

function withPlaces(part: object, placeOf: (def: string) => string): unknown {
  return JSON.parse(
    JSON.stringify(part).replace(
      /"#\/\$defs\/([^"]+)"/g,
      (_whole, def: string) => `"#/components/schemas/${placeOf(def)}"`,
    ),
  )
}

function toOperation(operation: Operation, components: Components): Json {
  const { id, tag, summary, role, body, media, answers, problems } = operation
  const sent = body && {
    required: !body.optional,
    content: {
      'application/json': { schema: components.add(body.name, body.schema, 'input') },
    },
  }
  const file = media && {
    required: true,
    content: Object.fromEntries(media.map((type) => [type, { schema: { type: 'string' } }])),
  }
  return {
    ...{ operationId: id, tags: [tag], summary, parameters: toParameters(operation) },
    ...(role === undefined ? { security: [] } : { description: `For ${role}s and above.` }),
    ...((sent ?? file) && { requestBody: sent ?? file }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, toResponse(answer, components)]),
      ),
      ...toProblemResponses([
        ...(role === undefined ? [] : STAFF_PROBLEMS),
        ...(isOnce(operation) ? ONCE_PROBLEMS : []),
        ...problems,
      ]),
    },
  }
}

function toParameters({ method, path, role, query = [], condition }: Operation): readonly Json[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...query.map(toQuery),
    ...(condition ? CONDITIONS : []),
    ...(isOnce({ method, role }) ? [ONCE] : []),
  ]
}

function toQuery({ name, about, type = 'string' }: Query): Json {
  return { name, in: 'query', description: about, schema: { type } }
}

const STAFF_PROBLEMS = ['unauthenticated', 'forbidden', 'slow_down'] as const
const ONCE_PROBLEMS = ['key_reused', 'in_progress'] as const

/** Calls that may be sent again under a key, and are done once. */
const isOnce = ({ method, role }: Pick<Operation, 'method' | 'role'>) =>
  method === 'post' && role !== undefined

const ONCE: Json = {
  ...{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 255 } },
  description: 'Sent again under the same key within a day, the call is not done again.',
}

const CONDITIONS: readonly Json[] = [
  {
    ...{ name: 'If-Match', in: 'header', schema: { type: 'string' } },
    description: 'The ETag of what is to be changed, or `*`.',
  },
  {
    ...{ name: 'If-None-Match', in: 'header', schema: { type: 'string', const: '*' } },
    description: '`*` where nothing is to be there yet.',
  },
]

function toResponse(answer: Answer, components: Components): Json {
  switch (answer.kind) {
    case 'empty':
      return { description: 'Done.' }
    case 'text':
      return {
        description: 'As a file.',
        content: { [answer.media]: { schema: { type: 'string' } } },
      }
    case 'json':
      return {
        description: 'Done.',
        content: {
          'application/json': { schema: components.add(answer.name, answer.schema, 'output') },
        },
      }
  }
}

/** One response a status, with the codes that it may have. */
function toProblemResponses(problems: readonly ProblemType[]): Json {
  const byStatus = Map.groupBy(problems, (type) => PROBLEMS[type][0])
  return Object.fromEntries(
    [...byStatus].map(([status, types]) => [
      String(status),
      {
        description: types.map((type) => `\`${type}\`: ${PROBLEMS[type][1]}`).join(' '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  )
}
