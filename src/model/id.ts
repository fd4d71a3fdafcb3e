import * as z from 'zod'

/** Names of configured things: they stand in URLs, markup attributes, log lines and as keys of objects. */
export const Id = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'use a-z, 0-9 and inner hyphens, 64 at most')
  .refine((id) => !FORBIDDEN_NAMES.has(id), 'this name is reserved')

/** Properties that would reach an object's prototype, refused wherever a path or a field is named. */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
])

/** A name inside a template or condition path: a letter, then letters, digits or underscores. */
export const FieldName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'start with a letter; letters, digits and _ only')
  .refine((name) => !FORBIDDEN_NAMES.has(name), 'this name is reserved')
