import type * as z from 'zod'
import type { ProblemType } from '../../problem.ts'
import type { Role } from '../../staff/token.ts'

export type Method = 'get' | 'post' | 'put' | 'delete'

/** What an operation answers with: JSON of a named schema, a text of another kind, or nothing. */
export type Answer =
  | { readonly kind: 'json'; readonly name: string; readonly schema: z.ZodType }
  | { readonly kind: 'text'; readonly media: string }
  | { readonly kind: 'empty' }

/** A parameter of the query. */
export interface Query {
  readonly name: string
  readonly about: string
  readonly type?: 'string' | 'integer'
}

/** One thing that can be asked of the API: the document, the reference and their tests are made of these. */
export interface Operation {
  /** Name of the call in generated clients. */
  readonly id: string
  readonly method: Method
  /** From the API's root, with `{names}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** The least role that may ask; nothing where one is signed in by it. */
  readonly role: Role | undefined
  readonly query?: readonly Query[]
  /** `must`: refused without If-Match or If-None-Match; `may`: held to it where it is sent. */
  readonly condition?: 'must' | 'may'
  readonly body?: { readonly name: string; readonly schema: z.ZodType; readonly optional?: boolean }
  /** A body that is not JSON. */
  readonly media?: readonly string[]
  readonly answers: Readonly<Partial<Record<101 | 200 | 201 | 202 | 204, Answer>>>
  readonly problems: readonly ProblemType[]
}

export const json = (name: string, schema: z.ZodType): Answer => ({ kind: 'json', name, schema })

export const empty: Answer = { kind: 'empty' }
