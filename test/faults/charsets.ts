/** How a page says what charset it is in, and its text in that charset. */
export interface CharsetCase {
  /** `Content-Type` as sent. */
  readonly type: string
  /** `<meta charset>`; none when empty. */
  readonly meta: string
  readonly text: Buffer
  /** Whether ASCII markup can be told from text, so that the page can be personalised. */
  readonly ascii: boolean
}

const BOM = Buffer.from('efbbbf', 'hex')
const UTF_8 = Buffer.from('Grüße, 日本語, 🐟')

/** Texts as their encodings write them; Shift_JIS, GBK and Big5 with ASCII bytes inside of letters. */
const TEXTS: Readonly<Record<string, string>> = {
  'iso-8859-1': '4772fcdf652c20636166e9',
  'windows-1251': 'cff0e8e2e5f22c20ece8f0',
  shift_jis: '955c835c93fa967b8cea',
  gbk: 'c4e3bac3a3ac815c825c',
  big5: 'a4a4a4e5a55cb35c',
  'euc-kr': 'bec8b3e7c7cfbcbcbfe4',
  'iso-2022-jp': '1b2442467c4b5c386c243724241b2842',
}

function byHeader(charset: string): CharsetCase {
  const text = Buffer.from(TEXTS[charset] ?? '', 'hex')
  const ascii = charset !== 'iso-2022-jp'
  return { type: `text/html; charset=${charset}`, meta: charset, text, ascii }
}

/** Every class of charset that a page may come in. */
export const CHARSETS: Readonly<Record<string, CharsetCase>> = {
  'utf-8': { type: 'text/html; charset="UTF-8"', meta: 'utf-8', text: UTF_8, ascii: true },
  ...Object.fromEntries(Object.keys(TEXTS).map((charset) => [charset, byHeader(charset)])),
  'x-unknown': { type: 'text/html; charset=x-unknown', meta: '', text: UTF_8, ascii: false },
  none: { type: 'text/html', meta: '', text: UTF_8, ascii: true },
  bom: { type: 'text/html', meta: '', text: Buffer.concat([BOM, UTF_8]), ascii: true },
  'meta-alone': {
    type: 'text/html',
    meta: 'windows-1251',
    text: Buffer.from(TEXTS['windows-1251'] ?? '', 'hex'),
    ascii: true,
  },
  'meta-differs': { type: 'text/html; charset=utf-8', meta: 'shift_jis', text: UTF_8, ascii: true },
  'not-valid': {
    type: 'text/html; charset=utf-8',
    meta: 'utf-8',
    text: Buffer.from('ff80c0afeda080f888808080fe', 'hex'),
    ascii: true,
  },
}
