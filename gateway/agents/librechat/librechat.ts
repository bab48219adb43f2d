import { join } from 'node:path'
import type { JsonObject } from '../../model/json.ts'
import { type Agent, type AgentPlace, type CurrentFiles, type ExportFacts, ourName, type Setting } from '../agent.ts'
import { freeName, part } from '../free-id.ts'
import { limitsOf } from '../model-text.ts'
import { fromContainer, keyVariable } from '../own-files.ts'
import { readContent } from '../read-content.ts'

/** LibreChat, checked out in the home: an endpoint in its YAML file, the key in the file of variables beside it. Made from its documentation and not run. */
export const librechat: Agent = {
  id: 'librechat',
  name: 'LibreChat',
  signs: (place) => [folder(place)],
  files: (place) => [config(place), variables(place)],
  plan: (current, facts) => ({
    changes: [
      {
        kind: 'edit',
        path: config(facts.place),
        format: 'yaml',
        settings: [
          ...(current.has(config(facts.place)) ? [] : [{ path: ['version'], value: '1.2.8' }]),
          ourEndpoint(current, facts),
        ],
      },
      {
        kind: 'edit',
        path: variables(facts.place),
        format: 'dotenv',
        secret: true,
        settings: [{ path: [keyVariable], value: facts.key.secret }],
      },
    ],
    notes: [
      'LibreChat is looked for in ~/LibreChat. Its container must get the file of variables (env_file) and librechat.yaml (a volume).',
      'The gateway answers to host.docker.internal when signalbox.allow_docker_host is on and it listens where the container can reach it.',
    ],
  }),
}

function folder({ home }: AgentPlace): string {
  return join(home, 'LibreChat')
}

function config(place: AgentPlace): string {
  return join(folder(place), 'librechat.yaml')
}

function variables(place: AgentPlace): string {
  return join(folder(place), '.env')
}

function ourEndpoint(current: CurrentFiles, facts: ExportFacts): Setting {
  const others = part(readContent(current, config(facts.place), 'yaml'), 'endpoints', 'custom')
  const name = freeName(others, fromContainer(facts.url), (other) => part(other, 'baseURL'))
  return { path: ['endpoints', 'custom', { field: 'name', value: name }], value: endpoint(facts, name) }
}

function endpoint({ url, models, model, smallModel }: ExportFacts, name: string): JsonObject {
  const names = [model.name, ...models.filter((one) => one.name !== model.name).map((one) => one.name)]
  const known = models.filter((one) => one.cost !== null && limitsOf(one) !== undefined)
  return {
    name,
    apiKey: `\${${keyVariable}}`,
    baseURL: `${fromContainer(url)}/v1`,
    models: { default: names, fetch: true },
    titleConvo: true,
    // Its default is a model of OpenAI's.
    titleModel: smallModel.name,
    modelDisplayLabel: ourName,
    tokenConfig: Object.fromEntries(
      known.map((one) => [
        one.name,
        { prompt: one.cost?.input ?? 0, completion: one.cost?.output ?? 0, context: limitsOf(one)?.context ?? 0 },
      ]),
    ),
  }
}
