import type { DeskDependencies } from '../../gateway/http/desk-dependencies.ts'
import { unknownPrice } from '../../gateway/ledger/price-book.ts'
import type { KeptLabel, LabelRepository } from '../../gateway/store/label-repository.ts'
import { pauseDouble } from './pause-double.ts'

/** What the desktop's pages stand on, with nothing behind it. */
export function deskDouble(): DeskDependencies {
  return {
    pause: pauseDouble(),
    labels: labelsDouble(),
    secrets: {
      list: nobody,
      save: nobody,
      remove: nobody,
      test: nobody,
      chooseStore: nobody,
      unlock: nobody,
    },
    setup: { view: nobody, setStep: nobody, addRouter: nobody },
    replay: nobody,
    priceOf: () => unknownPrice,
    modelFacts: () => [],
    modelPrice: () => ({ input: null, output: null, cacheRead: null, cacheWrite: null, provenance: '' }),
    modelUse: async () => undefined,
  }
}

const nobody = (): Promise<never> => Promise.reject(new Error('no test asks'))

function labelsDouble(): LabelRepository {
  const kept = new Map<string, KeptLabel>()
  return {
    put: async (label) => void kept.set(label.id, label),
    find: async (id) => kept.get(id),
    recent: async (limit) => [...kept.values()].toReversed().slice(0, limit),
    delete: async (id) => kept.delete(id),
  }
}
