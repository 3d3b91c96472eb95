import { CircleAlert } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { ApiError } from "../../core/error.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Skeleton } from "../../ui/Skeleton.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import "../pages.css";
import "../../ui/form/form.css";

export interface LoadedProps {
  /** The data could not be loaded. */
  fault?: ApiError | undefined;
  onRetry?(): void;
  /** The data is on its way. */
  loading?: boolean | undefined;
  children?: ComponentChildren;
}

export interface PageBodyProps extends LoadedProps {
  title: string;
  /** What the page is for. */
  intro?: ComponentChildren;
  /** Buttons beside the title. */
  actions?: ComponentChildren;
  /** Way back to the page above. */
  back?: { label: string; to: string };
}

/** A page with its title, and what stands in for its content until that is there. */
export function PageBody({ title, intro, actions, back, ...state }: PageBodyProps) {
  return (
    <div class="content scroll">
      {back && (
        <a class="content-back" href={back.to}>
          {back.label}
        </a>
      )}
      <header class="content-head">
        <h1>{title}</h1>
        {actions}
      </header>
      {intro && <p class="content-intro">{intro}</p>}
      <Loaded {...state} />
    </div>
  );
}

/** What was loaded, or what stands in for it until then. */
export function Loaded({ fault, onRetry, loading, children }: LoadedProps) {
  if (fault) {
    return (
      <EmptyState icon={CircleAlert} title={s.somethingWrong} text={errorText(fault)}>
        {onRetry && (
          <button type="button" class="btn" onClick={onRetry}>
            {s.tryAgain}
          </button>
        )}
      </EmptyState>
    );
  }
  return loading ? <Skeleton shape="rows" count={4} /> : <>{children}</>;
}
