// Documents that a wrongly encoded query would select instead of, or along with, the intended one.

const hex = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

// Each is what an encoder of another dialect, or an engine that skips unescaping, would make of the value.
const MISREADINGS = [
  (value) => value.replace(/['"\\\u0000-\u001f\u007f]/g, hex),
  (value) => value.replace(/\\u([0-9a-fA-F]{4})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16))),
  (value) => value.replace(/['\\]/g, '\\$&'),
  (value) => value.replace(/\\(.)/gs, '$1'),
  (value) => value.replaceAll("'", "''"),
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => value.normalize('NFC'),
  (value) => value.normalize('NFD'),
  (value) => value.trim(),
  (value) => value.split('\u0000')[0],
  (value) => value.toLowerCase(),
  (value) => value.split("'")[0],
]

const ALWAYS = [
  '',
  ' ',
  '\\u0027',
  '\\u005c',
  '\\u0000',
  "\\'",
  "'",
  "x'||true",
  "x' || true || 'y",
  "' OR true --",
  'x',
  'y',
  'true',
  'false',
  'null',
  '*',
  '@',
  '_id.userId',
]

// Ids of another shape: `_id.userId` is missing or no string there, so no exact query may select them.
const OTHER_SHAPES = ['plain', { userid: 'x' }, { userId: ['x'] }, { userId: { x: 'x' } }, { userId: true }, { userId: 0 }]

export function decoyIds(values) {
  const taken = new Set(values)
  const names = new Set(ALWAYS)
  for (const value of values) {
    if (typeof value === 'string') for (const misread of MISREADINGS) names.add(misread(value))
    // Its neighbours, which inexact numbers take for it, and its text.
    if (typeof value === 'number') for (const near of [value - 1, value + 1, String(value)]) names.add(near)
  }
  const isId = (name) => !taken.has(name) && (typeof name === 'string' ? name.isWellFormed() : Number.isSafeInteger(name))
  const named = [...names].filter(isId).map((userId) => ({ userId }))
  return [...named, ...OTHER_SHAPES]
}
