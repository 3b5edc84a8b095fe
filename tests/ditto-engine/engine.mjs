// The Ditto engine in a process of its own: some queries abort the process that evaluates them, and the
// process that judges has to survive that to name the query.
import { createRequire } from 'node:module'

// Enough rows to see that a query selects too much; a break-out would otherwise ship the whole collection.
const ROWS_KEPT = 3
const ROWS_PER_INSERT = 200

const { Ditto, Logger, init } = createRequire(import.meta.url)('@dittolive/ditto')
const [, , store] = process.argv

await init()
Logger.enabled = false
const ditto = new Ditto({ type: 'offlinePlayground', appID: '3f5c1c0e-1111-4222-8333-0123456789ab' }, store)
// INSERT is refused as long as the store could still sync with version 3 peers.
await ditto.disableSyncWithV3()

async function insertTogether(collection, ids) {
  const rows = Object.fromEntries(ids.map((id, index) => [`row${index}`, { _id: id }]))
  const places = Object.keys(rows).map((name) => `(:${name})`)
  await ditto.store.execute(
    `INSERT INTO ${collection} DOCUMENTS ${places.join(', ')} ON ID CONFLICT DO NOTHING`,
    rows,
  )
}

const operations = {
  // Answers the ids that the engine refused, with its reason.
  async insert({ collection, ids }) {
    const refused = []
    for (let start = 0; start < ids.length; start += ROWS_PER_INSERT) {
      const batch = ids.slice(start, start + ROWS_PER_INSERT)
      try {
        await insertTogether(collection, batch)
      } catch {
        for (const id of batch) {
          await insertTogether(collection, [id]).catch((error) => refused.push({ id, reason: error.message }))
        }
      }
    }
    return refused
  },

  // The legacy `find` is what speaks the language of permission queries; `execute` speaks DQL.
  async find({ collection, query }) {
    const documents = await ditto.store.collection(collection).find(query)
    return { count: documents.length, ids: documents.slice(0, ROWS_KEPT).map((document) => document.value._id) }
  },

  async close() {
    await ditto.close()
  },
}

process.on('message', async ({ call, operation, ...input }) => {
  try {
    process.send({ call, result: (await operations[operation](input)) ?? null })
  } catch (error) {
    process.send({ call, error: error.message || 'refused without a message' })
  }
  if (operation === 'close') process.disconnect()
})
process.send({ ready: true })
