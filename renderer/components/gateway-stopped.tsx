import { useQuery } from '@tanstack/react-query'
import { IconAlertCircle } from '@tabler/icons-react'
import { desktopBridge, type GatewayProcessView } from '../state/desktop-bridge.ts'
import { strings } from '../strings.ts'
import { Mark } from './mark.tsx'

const words = strings.stopped
const askEveryMs = 2_000

/**
 * The gateway's process as the desktop application sees it while nothing answers here. Undefined in a browser, while the
 * gateway answers, and while it is on its way.
 */
export function useStoppedGateway(answers: boolean): GatewayProcessView | undefined {
  const bridge = desktopBridge()
  const view = useQuery({
    queryKey: ['gateway-process'],
    queryFn: async () => (bridge === undefined ? null : (await bridge.view()).gateway),
    enabled: bridge !== undefined && !answers,
    refetchInterval: askEveryMs,
    gcTime: 0,
  })
  if (answers || view.data === undefined || view.data === null) return undefined
  return view.data.phase === 'failed' || view.data.phase === 'stopped' ? view.data : undefined
}

/** Why the gateway does not run, what that means, and the acts that help: start again, another port, the log. */
export function GatewayStopped({ gateway }: { readonly gateway: GatewayProcessView }) {
  const bridge = desktopBridge()
  const { cause, message, offeredPort } = gateway
  return (
    <main className="stopped">
      <header className="stopped-head">
        <Mark state="off" />
        <span className="name-block">
          <span className="product">{strings.name}</span>
          <span className="under">{words.state}</span>
        </span>
      </header>
      <section className="stopped-body" role="alert">
        <IconAlertCircle size={20} stroke={1.4} aria-hidden="true" className="tone-error" />
        <h1>{cause === null ? words.title : words.titles[cause]}</h1>
        {message !== null && <p className="stopped-message">{message}</p>}
        <p className="quiet">{words.means}</p>
        <div className="question-acts">
          {offeredPort !== null && (
            <button type="button" className="button button-primary" onClick={() => bridge?.startGateway(offeredPort)}>
              {words.usePort(offeredPort)}
            </button>
          )}
          <button
            type="button"
            className={offeredPort === null ? 'button button-primary' : 'button'}
            onClick={() => bridge?.startGateway()}
          >
            {words.again}
          </button>
          {cause === 'bad-config' && (
            <button type="button" className="button" onClick={() => bridge?.reveal('config')}>
              {words.openConfig}
            </button>
          )}
          <button type="button" className="button" onClick={() => bridge?.reveal('log')}>
            {words.openLog}
          </button>
        </div>
        {offeredPort !== null && <p className="under">{words.portNote}</p>}
      </section>
    </main>
  )
}
