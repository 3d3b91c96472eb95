import { CircleAlert } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Steps } from "../../ui/form/Steps.js";
import { Skeleton } from "../../ui/Skeleton.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import "../../ui/form/form.css";
import "../pages.css";
import { go, paths } from "../router.js";
import { CheckStep } from "./CheckStep.js";
import { ColumnsStep } from "./ColumnsStep.js";
import { DropZone } from "./DropZone.js";
import { History } from "./History.js";
import { RunStep } from "./RunStep.js";
import { t } from "./strings.js";
import "./transfer.css";
import { useImport } from "./useImport.js";

/** Importing leads: a new file and what was imported before, or one import. */
export function ImportPage({ desk, id }: { desk: Desk; id: string }) {
  if (!desk.rights.imports) return <EmptyState whole icon={CircleAlert} title={t.notAllowed} text={t.notAllowedHelp} />;
  return id === "" ? <Begin desk={desk} /> : <One key={id} desk={desk} id={id} />;
}

function Begin({ desk }: { desk: Desk }) {
  return (
    <div class="content content-scrolls">
      <a class="content-back" href={paths.leads}>
        {t.back}
      </a>
      <header class="content-head">
        <h1>{t.title}</h1>
      </header>
      <p class="content-intro">{t.intro}</p>
      <Steps label={t.stepsLabel} steps={t.steps} at={0} />
      <DropZone desk={desk} onUploaded={(id) => go(paths.import(id))} />
      <History desk={desk} />
    </div>
  );
}

function One({ desk, id }: { desk: Desk; id: string }) {
  const { current, fault, take, reload } = useImport(desk, id);
  // A checked import whose columns the user wants to change again.
  const [mapping, setMapping] = useState(false);
  const state = current?.state ?? "";
  const checking = state === "checking" || state === "checked";
  const at = state === "new" ? 0 : state === "uploaded" || (checking && mapping) ? 1 : checking ? 2 : 3;
  return (
    <div class="content content-scrolls">
      <a class="content-back" href={paths.import()}>
        {t.backToImports}
      </a>
      <header class="content-head">
        <h1 class="clip">{current?.fileName ?? t.title}</h1>
      </header>
      {current && <Steps label={t.stepsLabel} steps={t.steps} at={at} {...(state === "checked" ? { onGo: (to: number) => (to === 0 ? go(paths.import()) : setMapping(to === 1)) } : {})} />}
      {fault && !current ? (
        <EmptyState icon={CircleAlert} title={t.failedToLoad} text={errorText(fault)}>
          <button type="button" class="btn" onClick={reload}>
            {s.tryAgain}
          </button>
        </EmptyState>
      ) : !current ? (
        <Skeleton shape="rows" />
      ) : at === 0 ? (
        <DropZone desk={desk} onUploaded={(other) => go(paths.import(other), true)} />
      ) : at === 1 ? (
        <ColumnsStep
          desk={desk}
          current={current}
          onAnother={() => go(paths.import())}
          onChecking={(next) => {
            setMapping(false);
            take(next);
          }}
        />
      ) : at === 2 ? (
        <CheckStep desk={desk} current={current} onNext={take} onColumns={() => setMapping(true)} />
      ) : (
        <RunStep desk={desk} current={current} onNext={take} />
      )}
    </div>
  );
}
