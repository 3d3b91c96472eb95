import type { Desk } from "../../core/desk.js";
import { paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import { useChanges } from "../useChanges.js";
import { useLoad } from "../useLoad.js";
import { TemplateEditor } from "./TemplateEditor.js";
import { TemplateList } from "./TemplateList.js";
import { t } from "./strings.js";
import "./templates.css";

/** The org's templates: the list, a new one, or one of them. */
export function TemplatesPage({ desk, id }: { desk: Desk; id: string }) {
  const { data, fault, reload, refresh } = useLoad(
    async () => ({
      ...(await desk.call("TemplateService/ListTemplates", { all: true })),
      connectors: (await desk.call("ConnectorService/ListConnectors", {})).connectors ?? [],
      providers: (await desk.call("ConnectorService/ListProviders", {})).providers ?? [],
    }),
    [desk],
  );
  useChanges(desk.changes.templates, refresh);
  // What an account lacks may be entered in another tab.
  useChanges(desk.changes.connectors, refresh);
  if (id === "" && data) return <TemplateList desk={desk} {...data} onChange={reload} />;
  const template = data?.templates?.find((one) => one.id === id);
  const back = { label: t.back, to: paths.settings("templates") };
  return (
    <PageBody
      title={id === "" ? t.title : (template?.name ?? t.create)}
      {...(id === "" ? {} : { back })}
      fault={fault}
      onRetry={reload}
      loading={!data}
    >
      {data && id !== "new" && !template ? (
        <p class="quiet">{t.gone}</p>
      ) : (
        data && (
          <TemplateEditor
            key={`${template?.id}${template?.status}`}
            desk={desk}
            template={template}
            connectors={data.connectors}
            providers={data.providers}
            onChange={reload}
          />
        )
      )}
    </PageBody>
  );
}
