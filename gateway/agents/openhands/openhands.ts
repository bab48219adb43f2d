import { join } from 'node:path'
import type { Agent, AgentPlace } from '../agent.ts'
import { limitsOf, patienceMs } from '../model-text.ts'
import { fromContainer, ownFile, variableFile } from '../own-files.ts'

/** OpenHands: variables for its container and its headless mode. Made from its documentation and not run. */
export const openhands: Agent = {
  id: 'openhands',
  name: 'OpenHands',
  signs: (place) => [join(place.home, '.openhands'), 'openhands'],
  files: (place) => [file(place)],
  plan(_current, { place, url, model, key }) {
    const limits = limitsOf(model)
    const values = {
      LLM_MODEL: `openai/${model.name}`,
      LLM_BASE_URL: `${fromContainer(url)}/v1`,
      LLM_API_KEY: key.secret,
      LLM_TIMEOUT: String(patienceMs / 1000),
      ...(limits === undefined
        ? {}
        : { LLM_MAX_INPUT_TOKENS: String(limits.context), LLM_MAX_OUTPUT_TOKENS: String(limits.output) }),
    }
    return {
      changes: [{ kind: 'own', path: file(place), content: variableFile(values), secret: true }],
      notes: [
        'Its command line ignores variables unless it is started with --override-with-envs; there the address is the one of this machine, not host.docker.internal.',
        'The gateway answers to host.docker.internal when signalbox.allow_docker_host is on and it listens where the container can reach it.',
      ],
      snippet: `docker run --env-file '${file(place)}' --add-host host.docker.internal:host-gateway …`,
    }
  },
}

function file(place: AgentPlace): string {
  return ownFile(place, 'openhands.env')
}
