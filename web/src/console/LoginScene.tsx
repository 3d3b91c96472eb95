import { Check } from "lucide-preact";
import { Icon } from "../ui/Icon.js";
import { Ticks } from "../ui/Ticks.js";
import { c } from "./strings.js";

/** The picture beside the sign-in form: a talk that goes well, in the product's own shapes. */
export function LoginScene() {
  return (
    <aside class="scene">
      <div class="scene-talk" aria-hidden="true">
        <div class="scene-bubble scene-lead">{c.login.sampleLead}</div>
        <div class="scene-bubble scene-own">
          {c.login.sampleReply}
          <span class="scene-tick">
            <Ticks status="delivered" label="" />
          </span>
        </div>
        <div class="scene-bubble scene-lead">{c.login.sampleDone}</div>
        <div class="scene-bubble scene-own scene-last">
          👋
          <span class="scene-tick">
            <Ticks status="read" label="" />
          </span>
        </div>
      </div>
      <div class="scene-words">
        <p class="scene-tagline">{c.login.tagline}</p>
        <ul>
          {c.login.points.map((point) => (
            <li key={point}>
              <Icon of={Check} />
              {point}
            </li>
          ))}
        </ul>
      </div>
    </aside>
  );
}
