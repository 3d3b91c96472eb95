import { useId } from "preact/hooks";
import { pointOf, type Place, type PlaceFault } from "../core/place.js";
import { s } from "./strings.js";
import { ValueField } from "./ValueField.js";

export interface PlaceFieldsProps {
  place: Place;
  faults: Partial<Record<keyof Place, PlaceFault>>;
  /** Sending was tried: what is empty is a fault now. */
  tried: boolean;
  onChange(place: Place): void;
}

/** The place over a template's text. Both numbers can be pasted into one field, as maps copy them. */
export function PlaceFields({ place, faults, tried, onChange }: PlaceFieldsProps) {
  const id = useId();
  const words = s.templates.place;
  const field = (key: keyof Place, help = "") => {
    const fault = faults[key];
    return (
      <ValueField
        label={words[key]}
        value={place[key]}
        help={help}
        fault={fault && (tried || fault !== "empty") ? words.fault(fault) : ""}
        testId={`place-${key}`}
        onInput={(value) => onChange({ ...place, [key]: value, ...(key === "latitude" || key === "longitude" ? pointOf(value) : {}) })}
      />
    );
  };
  return (
    <div class="place-fields" role="group" aria-labelledby={id} data-testid="place-fields">
      <span id={id} class="form-label">
        {words.title}
      </span>
      {field("name")}
      {field("address")}
      <div class="place-point">
        {field("latitude", words.example.latitude)}
        {field("longitude", words.example.longitude)}
      </div>
      <span class="meta">{words.help}</span>
    </div>
  );
}
