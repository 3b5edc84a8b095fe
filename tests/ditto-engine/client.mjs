// Talks to engine.mjs and turns its death into an error on every call in flight.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export class EngineDied extends Error {}

export async function startEngine() {
  // Made and removed here, because an aborting engine cleans nothing up.
  const store = mkdtempSync(join(tmpdir(), 'ditto-engine-'))
  // The engine writes log lines to stdout before its logger can be switched off.
  const program = fileURLToPath(new URL('engine.mjs', import.meta.url))
  const child = fork(program, [store], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const waiting = new Map()
  let calls = 0
  let complaints = ''
  child.stderr.on('data', (chunk) => (complaints = (complaints + chunk).slice(-4000)))

  const dead = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      rmSync(store, { recursive: true, force: true })
      const error = new EngineDied(`the engine process ended (${signal ?? `exit ${code}`})`)
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
      resolve(error)
    })
  })
  const ready = new Promise((resolve) => {
    child.on('message', ({ ready: isReady, call, result, error }) => {
      if (isReady) return resolve()
      const { resolve: answer, reject } = waiting.get(call)
      waiting.delete(call)
      if (error === undefined) answer(result)
      else reject(new Error(error))
    })
  })
  const early = await Promise.race([ready, dead])
  if (early instanceof Error) {
    early.message += `\n${complaints}`
    throw early
  }

  const ask = (operation, input = {}) =>
    new Promise((resolve, reject) => {
      const call = (calls += 1)
      waiting.set(call, { resolve, reject })
      child.send({ call, operation, ...input }, (error) => {
        if (error) reject(new EngineDied(`the engine process no longer listens: ${error.message}`))
      })
    })

  return {
    insert: (collection, ids) => ask('insert', { collection, ids }),
    find: (collection, query) => ask('find', { collection, query }),
    close: async () => {
      await ask('close')
      await dead
    },
  }
}
