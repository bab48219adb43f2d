import { join } from 'node:path'
import type { Agent, AgentPlace } from '../agent.ts'
import { fromContainer, ownFile, variableFile } from '../own-files.ts'

/** Open WebUI: variables for its container; it asks the gateway for the models. Made from its documentation and not run. */
export const openWebui: Agent = {
  id: 'open-webui',
  name: 'Open WebUI',
  signs: (place) => [join(place.home, 'open-webui'), 'open-webui'],
  files: (place) => [file(place)],
  plan: (_current, { place, url, model, smallModel, key }) => ({
    changes: [
      {
        kind: 'own',
        path: file(place),
        secret: true,
        content: variableFile({
          ENABLE_OPENAI_API: 'true',
          OPENAI_API_BASE_URL: `${fromContainer(url)}/v1`,
          OPENAI_API_KEY: key.secret,
          DEFAULT_MODELS: model.name,
          // Titles, tags and searches.
          TASK_MODEL_EXTERNAL: smallModel.name,
          ENABLE_OLLAMA_API: 'false',
          ENABLE_PERSISTENT_CONFIG: 'False',
        }),
      },
    ],
    notes: [
      'ENABLE_PERSISTENT_CONFIG=False makes Open WebUI read these at every start; without it only the first start counts.',
      'The gateway answers to host.docker.internal when signalbox.allow_docker_host is on and it listens where the container can reach it.',
    ],
    snippet: `docker run --env-file '${file(place)}' --add-host host.docker.internal:host-gateway …`,
  }),
}

function file(place: AgentPlace): string {
  return ownFile(place, 'open-webui.env')
}
