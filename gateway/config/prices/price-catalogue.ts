import { readFileSync } from 'node:fs'
import type { Static } from 'typebox'
import { resourcePath } from '../package-root.ts'
import { PricesFileSchema } from '../schema/prices.ts'
import { createProblemList } from '../source/problem-list.ts'
import { createValueReader } from '../source/read-value.ts'
import { readYaml } from '../source/read-yaml.ts'
import { createVariables } from '../source/variables.ts'

/** Our own price list as written: decimals are texts, USD per million tokens. */
export type WrittenPrices = Static<typeof PricesFileSchema>

/** Reads `resources/prices.yaml`. Throws when it is broken: it is ours. */
export function readPriceCatalogue(path: string = resourcePath('prices.yaml')): WrittenPrices {
  return parsePriceCatalogue(readFileSync(path, 'utf8'), path)
}

/** The price list in a text of the form of `resources/prices.yaml`. Throws on any problem. */
export function parsePriceCatalogue(text: string, path: string): WrittenPrices {
  const problems = createProblemList(path)
  const reader = createValueReader({ problems, variables: createVariables(() => undefined, undefined) })
  const value = reader.read(PricesFileSchema, readYaml(text, problems), 'the price list')
  const [problem] = problems.all()
  const broken = (line: number, message: string) => new Error(`The price list is broken: ${path}:${line} ${message}`)
  if (value === undefined || problem !== undefined) throw broken(problem?.line ?? 1, problem?.message ?? 'it is empty')
  const wrong = firstWrongText(value)
  if (wrong !== undefined) throw broken(1, wrong)
  return value
}

const hoursText = /^([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/

/** What the schema cannot say: dates, hours, and that every model has a price at all. */
function firstWrongText({ providers }: WrittenPrices): string | undefined {
  for (const [provider, { models }] of Object.entries(providers)) {
    for (const [model, row] of Object.entries(models)) {
      const place = `${provider}/${model}`
      if (row.input === undefined || row.output === undefined) return `${place} has no price of input or output`
      for (const { from } of row.later ?? []) {
        if (!/^\d{4}-\d{2}-\d{2}$/.test(from) || Number.isNaN(Date.parse(from)))
          return `${place}: from is no date: ${from}`
      }
      for (const peak of [row.peak, ...(row.later ?? []).map((later) => later.peak)]) {
        const hours = peak?.hours.find((text) => !hoursText.test(text))
        if (hours !== undefined) return `${place}: hours are no span such as 01:00-04:00: ${hours}`
      }
    }
  }
  return undefined
}
