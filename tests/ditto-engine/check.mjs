// Proves that permission queries select exactly the document they were made for, in the real Ditto engine.
//
//   node check.mjs [FILE]     reads JSON Lines {"value": …, "query": …} from FILE or stdin
//
// `value` is the `_id.userId` of a document, `query` must select that document and no other.
// Exit code: 0 all cases pass, 1 at least one fails, 2 the check itself cannot run or cannot be trusted.
import { readFileSync } from 'node:fs'
import { EngineDied, startEngine } from './client.mjs'
import { decoyIds } from './decoys.mjs'

// Every query scans its whole collection, so one collection of all values costs time that grows with the square of
// their number. A break-out selects everything in any collection, and the decoys of a value sit beside it.
const VALUES_PER_COLLECTION = 128
const QUERIES_IN_FLIGHT = 16
const FAILURES_SHOWN = 50
const NOT_RUN = 'not run, the engine had already died'
const ID_TOO_LONG = 'Serialized document ID is too large'

class Unusable extends Error {}

function readCases(text) {
  const cases = []
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return
    let parsed
    try {
      parsed = JSON.parse(line)
    } catch (error) {
      throw new Unusable(`line ${index + 1} is no JSON: ${error.message}`)
    }
    const { value, query } = parsed ?? {}
    const isValue = ['string', 'boolean'].includes(typeof value) || Number.isSafeInteger(value)
    if (!isValue || typeof query !== 'string') {
      throw new Unusable(`line ${index + 1} needs "value", a string, an integer or a boolean, and the string "query"`)
    }
    // The binding would silently turn a lone surrogate into U+FFFD, and the case would then test another value.
    if (!String(value).isWellFormed() || !query.isWellFormed()) throw new Unusable(`line ${index + 1} holds a lone surrogate`)
    cases.push({ line: index + 1, value, query })
  })
  if (cases.length === 0) throw new Unusable('no cases')
  return cases
}

function judge({ value, isTooLong }, { count, ids }) {
  // A value too long to be an id names no document, so a query for it may select nothing.
  if (isTooLong) return count === 0 ? null : `no document can have this id, yet ${count} were selected`
  if (count === 1 && JSON.stringify(ids[0]) === JSON.stringify({ userId: value })) return null
  if (count === 0) return 'selected nothing'
  return `selected ${count} document(s), first ${JSON.stringify(ids[0])}`
}

async function run(engine, collection, testCase) {
  try {
    return judge(testCase, await engine.find(collection, testCase.query))
  } catch (error) {
    if (error instanceof EngineDied) {
      engine.isDead = true
      return `not judged, this or another query in flight was fatal: ${error.message}`
    }
    return `the engine refused the query: ${error.message}`
  }
}

async function fill(engine, collection, cases) {
  const values = cases.map(({ value }) => value)
  const tooLong = new Set()
  for (const { id, reason } of await engine.insert(collection, values.map((userId) => ({ userId })))) {
    if (!reason.includes(ID_TOO_LONG)) throw new Unusable(`the engine refused ${JSON.stringify(id)}: ${reason}`)
    tooLong.add(id.userId)
  }
  // Misreadings of a long value can be too long as well, and then simply are no decoys.
  for (const { id, reason } of await engine.insert(collection, decoyIds(values))) {
    if (!reason.includes(ID_TOO_LONG)) throw new Unusable(`the engine refused ${JSON.stringify(id)}: ${reason}`)
  }
  return cases.map((testCase) => ({ ...testCase, isTooLong: tooLong.has(testCase.value) }))
}

// Each of these must be judged a failure; a harness that passes one of them proves nothing.
async function proveThatItCanFail(engine) {
  const collection = 'canfail'
  const hostile = "x' || true || 'y"
  const cases = await fill(engine, collection, [
    { value: hostile, query: `_id.userId == '${hostile}'` },
    { value: 'own', query: "_id.userId == 'absent'" },
    { value: 'own', query: "_id.userId == 'x'" },
    { value: 'own', query: "_id.userId = 'own'" },
  ])
  const breakOut = await engine.find(collection, cases[0].query)
  if (breakOut.count < 2) throw new Unusable(`raw interpolation selected ${breakOut.count} document(s), expected a break-out`)
  for (const testCase of cases) {
    if ((await run(engine, collection, testCase)) === null) {
      throw new Unusable(`self-check: ${testCase.query} passed for the value ${JSON.stringify(testCase.value)}`)
    }
  }
  return breakOut.count
}

async function runAll(engine, cases, report) {
  for (let start = 0; start < cases.length; start += VALUES_PER_COLLECTION) {
    const collection = `values${start}`
    const chosen = cases.slice(start, start + VALUES_PER_COLLECTION)
    const queue = engine.isDead ? chosen : await fill(engine, collection, chosen)
    const worker = async () => {
      for (let testCase = queue.shift(); testCase; testCase = queue.shift()) {
        report(testCase, engine.isDead ? NOT_RUN : await run(engine, collection, testCase))
      }
    }
    await Promise.all(Array.from({ length: QUERIES_IN_FLIGHT }, worker))
  }
}

async function main([file]) {
  const cases = readCases(readFileSync(file ?? 0, 'utf8'))
  const engine = await startEngine().catch((error) => {
    throw new Unusable(`${error.message}\nthe engine did not start; install it with: npm ci --legacy-peer-deps --omit=peer --omit=optional`)
  })
  const brokenOut = await proveThatItCanFail(engine)
  let passed = 0
  let tooLong = 0
  const failures = []
  await runAll(engine, cases, (testCase, complaint) => {
    if (complaint === null) passed += 1
    else failures.push({ ...testCase, complaint })
    if (testCase.isTooLong) tooLong += 1
  })
  if (!engine.isDead) await engine.close()
  failures.sort((one, other) => one.line - other.line)
  for (const { line, value, query, complaint } of failures.slice(0, FAILURES_SHOWN)) {
    console.error(`FAILED line ${line}: value ${JSON.stringify(value)}, query ${query}\n  ${complaint}`)
  }
  if (failures.length > FAILURES_SHOWN) console.error(`and ${failures.length - FAILURES_SHOWN} more`)
  const notes = `${tooLong} too long for an id and selecting nothing; self-check: raw interpolation selected ${brokenOut} documents`
  console.log(`${passed} passed, ${failures.length} failed (${notes})`)
  return failures.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Unusable || error.code === 'ENOENT' ? error.message : error)
  return 2
})
