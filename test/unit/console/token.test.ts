import { describe, expect, test } from 'vitest'
import { tokenFromHash, tokenFromPaste } from '../../../src/console/token.ts'

const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJyb2xlIjoib3duZXIifQ.c2ln-_x'

describe('the token in an address', () => {
  test.each([
    [`#token=${TOKEN}`, TOKEN],
    ['#token=a%2Bb', 'a+b'],
    ['#token=%E0%A4', '%E0%A4'],
    ['#token=', ''],
    ['#/sites/token=x', null],
    ['', null],
  ])('%s', (hash, token) => expect(tokenFromHash(hash)).toBe(token))
})

describe('the token in what was pasted', () => {
  test.each([
    ['bare', TOKEN, TOKEN],
    ['with blanks around it', `\n ${TOKEN} \n`, TOKEN],
    ['a whole link', `http://localhost:8787/_sv/console/#token=${TOKEN}`, TOKEN],
    ['nothing', '', null],
    ['a word', 'password', null],
    ['the link without its token', 'http://localhost:8787/_sv/console/', null],
    ['the link with an empty token', 'http://localhost:8787/_sv/console/#token=', null],
    ['a token that lost its signature', TOKEN.split('.').slice(0, 2).join('.'), null],
    ['a token with something behind it', `${TOKEN} and more`, null],
    ['an encrypted token, in five parts', `${TOKEN}.a.b`, null],
  ])('%s', (_, text, token) => expect(tokenFromPaste(text)).toBe(token))
})
