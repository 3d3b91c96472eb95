import type { Desk } from "../../core/desk.js";
import { paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import { ConnectorEdit } from "./ConnectorEdit.js";
import { ConnectorList } from "./ConnectorList.js";
import { ConnectWizard } from "./ConnectWizard.js";
import { ExchangeLog } from "./ExchangeLog.js";
import "./connectors.css";
import { w } from "./strings.js";

/** How an address names a message whose exchanges are shown. */
export const ofMessage = "message-";

/** The org's accounts at providers: the list, a new one, one of them, or what was said about a message. */
export function ConnectorsPage({ desk, id }: { desk: Desk; id: string }) {
  if (id === "") return <ConnectorList desk={desk} />;
  if (id === "new") return <ConnectWizard desk={desk} />;
  if (id.startsWith(ofMessage)) {
    return (
      <PageBody title={w.logTitle} intro={w.logIntro} back={{ label: w.back, to: paths.settings("connectors") }}>
        <ExchangeLog desk={desk} of={{ messageId: id.slice(ofMessage.length) }} />
      </PageBody>
    );
  }
  return <ConnectorEdit desk={desk} id={id} />;
}
