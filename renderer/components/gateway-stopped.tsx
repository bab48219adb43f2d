import { IconAlertCircle } from '@tabler/icons-react'
import { desktopBridge, type GatewayProcessView } from '../state/desktop-bridge.ts'
import { useGatewayProcess } from '../state/use-gateway-process.ts'
import { strings } from '../strings.ts'
import { Mark } from './mark.tsx'

const words = strings.stopped

/** In place of a page that has nothing to show yet: why the gateway does not run, where the desktop application knows it. */
export function UnlessStopped({ children }: { readonly children: React.ReactNode }) {
  const gateway = useGatewayProcess()
  const isStopped = gateway?.phase === 'failed' || gateway?.phase === 'stopped'
  return isStopped ? <GatewayStopped gateway={gateway} /> : children
}

/** Why the gateway does not run, what that means, and the acts that help: start again, another port, the log. */
function GatewayStopped({ gateway }: { readonly gateway: GatewayProcessView }) {
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
              {words.takePort(offeredPort)}
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
